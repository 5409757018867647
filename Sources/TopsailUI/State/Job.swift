/// Work under way that takes a while: it has a name, a place in the status line and in the job list, and can be cancelled.
public struct Job: Sendable, Hashable {
    public enum Kind: Sendable, Hashable, CaseIterable {
        case model, answer, contrast, fit, comparison, export, batch
    }

    public var kind: Kind
    public var title: String
    public var since: Duration
    /// How much is done and of how much; `nil` where it cannot be known.
    public var progress: (done: Int, of: Int)?

    init(_ kind: Kind, _ title: String, since: Duration, progress: (done: Int, of: Int)? = nil) {
        self.kind = kind
        self.title = title
        self.since = since
        self.progress = progress
    }

    public static func == (left: Job, right: Job) -> Bool {
        left.kind == right.kind && left.title == right.title && left.since == right.since
            && left.progress?.done == right.progress?.done && left.progress?.of == right.progress?.of
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(title)
    }
}

extension ExplorerState {
    mutating func begin(_ kind: Job.Kind, _ title: String, of total: Int? = nil) {
        end(kind)
        jobs.append(Job(kind, title, since: now, progress: total.map { (0, $0) }))
    }

    mutating func end(_ kind: Job.Kind) { jobs.removeAll { $0.kind == kind } }

    public func job(_ kind: Job.Kind) -> Job? { jobs.first { $0.kind == kind } }

    mutating func advance(_ kind: Job.Kind, _ title: String, done: Int, of total: Int) {
        guard let place = jobs.firstIndex(where: { $0.kind == kind }) else { return }
        jobs[place].title = title
        jobs[place].progress = (done, total)
    }

    /// Stops work at once; what it found so far stays.
    mutating func cancel(_ kind: Job.Kind) -> [Effect] {
        guard let job = job(kind) else { return [] }
        end(kind)
        say("stopped: \(job.title)")
        switch kind {
        case .answer: return stopAnswer()
        case .contrast:
            contrast.generation += 1
            return [.stop(.contrast)]
        case .batch:
            live.batchGeneration += 1
            return [.stop(.batch)]
        case .model, .fit, .comparison, .export: return [.stop(kind)]
        }
    }
}
