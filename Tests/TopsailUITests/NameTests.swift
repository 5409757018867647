import Testing
import TopsailUI

@Suite("Names in lists") struct NameTests {
    @Test("digits count as numbers")
    func naturalOrder() {
        let names = [
            "k10", "k9", "k09", "k", "a.14-x", "a.7-y", "a.7-x", "k99999999999999999999999",
            "k100000000000000000000000",
        ]
        #expect(
            names.sorted(by: NaturalOrder.precedes) == [
                "a.7-x", "a.7-y", "a.14-x", "k", "k09", "k9", "k10", "k99999999999999999999999",
                "k100000000000000000000000",
            ])
        #expect(!NaturalOrder.precedes("k9", "k9"))
    }

    @Test("what names share gives way, from the start, then from the end")
    func affixes() {
        let names = ["model-mlp_out.0-topk-k16", "model-mlp_out.14-topk-k16"]
        let short = SharedAffixes(names, ellipsis: "…")
        #expect(short.shorten(names[1], to: 25) == names[1])
        #expect(names.map { short.shorten($0, to: 20) } == ["…mlp_out.0-topk-k16", "…mlp_out.14-topk-k16"])
        #expect(names.map { short.shorten($0, to: 16) } == ["…out.0-topk-k16", "…out.14-topk-k16"])
        #expect(names.map { short.shorten($0, to: 12) } == ["…0-topk-k16", "…14-topk-k16"])
        #expect(names.map { short.shorten($0, to: 8) } == ["…0…", "…14…"])
    }

    @Test("names without a shared start are cut in the middle")
    func middle() {
        let short = SharedAffixes(["residual", "attention"], ellipsis: "…")
        #expect(short.shorten("attention", to: 7) == "att…ion")
        #expect(SharedAffixes(["one-long-name"], ellipsis: "…").shorten("one-long-name", to: 7) == "one…ame")
    }
}
