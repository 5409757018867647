import ArgumentParser
import TopsailCore

extension HookPoint: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
