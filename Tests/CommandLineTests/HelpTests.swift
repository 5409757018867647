import Testing

@Suite("Help and usage") struct HelpTests {
    static let commands: [[String]] = [
        ["explore"], ["setup"], ["doctor"], ["config"], ["man"], ["encode"], ["report"], ["generate"], ["neurons"],
        ["neuron"],
        ["categories"], ["tag"], ["tag", "add"], ["tag", "remove"], ["explanation", "set"], ["note"], ["rate"],
        ["categories", "add"], ["categories", "remove"], ["catalog", "merge"], ["list"],
        ["list", "create"], ["list", "add"], ["list", "show"], ["query"], ["query", "save"],
        ["query", "list"], ["query", "remove"], ["undo"], ["redo"], ["log"], ["import"], ["export"],
        ["catalog", "info"],
        ["catalog", "check"], ["catalog", "backup"], ["tensors"], ["tokenize"], ["activations"], ["sae", "list"],
        ["sae", "info"], ["sae", "check"], ["sae", "encode"], ["evaluate"], ["contrast"], ["corpus", "synthesize"],
        ["corpus", "add"], ["corpus", "list"], ["train"], ["collect"], ["explain"], ["score"], ["pipeline"],
    ]

    @Test("every command explains itself with an example", arguments: commands)
    func help(_ command: [String]) throws {
        let result = try Program().run(command + ["--help"])
        #expect(result.status == 0)
        #expect(result.output.contains("USAGE: topsail"), "\(command): \(result.output)")
        #expect(result.output.contains("Example"), "\(command): \(result.output)")
        #expect(result.errors.isEmpty)
    }

    @Test("the program itself lists its commands")
    func overview() throws {
        let result = try Program().run("--help")
        #expect(result.status == 0)
        for command in HelpTests.commands { #expect(result.output.contains("  \(command[0]) "), "\(command[0])") }
    }

    @Test(
        "wrong usage ends with 64 and says what is wrong",
        arguments: [
            ["tokenise"], ["tensors"], ["tensors", "--frobnicate", "x"], ["tokenize", "--text", "a", "--file", "b"],
            ["generate", "--text", "a", "--greedy", "--seed", "1"], ["generate", "--text", "a", "--top-p", "1.5"],
            ["generate", "--text", "a", "--max-tokens", "0"], ["activations", "--output", "x"],
            ["activations", "--ids", "1,x", "--output", "x"],
            ["activations", "--ids", "1", "--hook", "mlp.3", "--output", "x"],
            ["activations", "--ids", "1", "--precision", "double", "--output", "x"], ["neurons", "--sort", "name"],
            ["neurons", "--limit", "-1"], ["tag", "add", "14_1"], ["train", "--hook", "mlp_out.1"],
            ["doctor", "--threads", "0"],
            ["sae", "info"], ["encode", "--text", "a", "--top", "-1"],
        ])
    func usage(_ arguments: [String]) throws {
        let result = try Program().run(arguments)
        #expect(result.status == 64, "\(arguments): \(result.errors)")
        #expect(result.errors.hasPrefix("error: "), "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("the version is a number")
    func version() throws {
        let result = try Program().run("--version")
        #expect(result.status == 0)
        #expect(result.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
}
