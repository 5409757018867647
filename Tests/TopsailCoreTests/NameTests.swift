import Testing
import TopsailCore

@Suite("Names") struct NameTests {
    @Test("a hook point reads back what it writes", arguments: HookSite.allCases)
    func hookRoundTrip(site: HookSite) {
        let point = HookPoint(site, layer: site == .finalNorm ? 0 : 14)
        #expect(HookPoint(point.description) == point)
        if let name = point.transformerLensName { #expect(HookPoint(name) == point) }
    }

    @Test(
        "names that are no hook points are refused",
        arguments: [
            "", "mlp_out", "mlp_out.", "mlp_out.-1", "mlp_out.x", "mlp_out.1.2", "blocks.3", "blocks.x.hook_mlp_out",
            "nothing.3",
        ])
    func badHooks(text: String) { #expect(HookPoint(text) == nil) }

    @Test(
        "names of Hugging Face's modules are understood, with and without post-norms",
        arguments: [
            ("model.layers.3", "resid_post.3", "resid_post.3"), ("model.layers.3.input", "resid_pre.3", "resid_pre.3"),
            ("model.layers.3.mlp.down_proj", "mlp_out.3", "mlp_out_raw.3"),
            ("model.layers.3.mlp.down_proj.input", "mlp_act.3", "mlp_act.3"),
            ("model.layers.3.self_attn", "attn_out.3", "attn_out_raw.3"),
            ("model.layers.3.self_attn.o_proj.input", "attn_z.3", "attn_z.3"),
            ("model.layers.3.post_attention_layernorm.output", nil, "attn_out.3"),
            ("model.layers.3.post_attention_layernorm.input", "resid_mid.3", "attn_out_raw.3"),
            ("model.layers.3.post_feedforward_layernorm", nil, "mlp_out.3"),
            ("model.layers.3.pre_feedforward_layernorm.input", "resid_mid.3", "resid_mid.3"),
            ("transformer.h.5.attn.c_proj", "attn_out.5", "attn_out_raw.5"),
            ("h.5.ln_2.input", "resid_mid.5", "resid_mid.5"),
            ("gpt_neox.layers.0.mlp.dense_4h_to_h.output", "mlp_out.0", "mlp_out_raw.0"),
            ("model.norm", "final_norm", "final_norm"), ("model.layers.x.mlp", nil, nil),
            ("model.embed_tokens", nil, nil),
        ])
    func modules(name: String, plain: String?, sandwiched: String?) {
        #expect(HookPoint(huggingFace: name, hasPostNorms: false)?.description == plain)
        #expect(HookPoint(huggingFace: name, hasPostNorms: true)?.description == sandwiched)
    }

    @Test("neuron names read back", arguments: ["14_231", "topk-k32/5", "a/b/7"])
    func neuronRoundTrip(text: String) { #expect(NeuronID(text)?.description == text) }

    @Test(
        "names that are no neurons are refused",
        arguments: ["", "14", "14_", "_3", "14_x", "/3", "sae/", "sae/-1", "1_2_3"])
    func badNeurons(text: String) { #expect(NeuronID(text) == nil) }
}

@Suite("Printable text") struct PrintableTextTests {
    @Test(
        "nothing that moves the cursor, reorders or hides text gets through",
        arguments: [
            ("\u{1B}[31mred", "␛[31mred"), ("a\nb\tc", "a↵b⇥c"), ("\u{7F}", "␡"), ("\u{9B}1m", "⟦9B⟧1m"),
            ("x\u{202E}y", "x⟦RLO⟧y"), ("x\u{200B}y", "x⟦ZWSP⟧y"), ("soft\u{AD}hyphen", "soft⟦SHY⟧hyphen"),
            ("\r\n", "␍↵"), ("\u{0}", "␀"), ("naïve 日本 🙂", "naïve 日本 🙂"),
        ])
    func standIns(text: String, shown: String) { #expect(PrintableText.printable(text) == shown) }

    @Test(
        "bytes that make no character are spelled, the rest is as it was",
        arguments: [
            (Array("東".utf8), "東"), ([0xE6, 0x9D], "⟨E6⟩⟨9D⟩"), ([0xB1], "⟨B1⟩"), ([0x20, 0xE6], " ⟨E6⟩"),
            ([0x61, 0xF0, 0x9F, 0x98, 0x80, 0x80], "a😀⟨80⟩"), ([0xC0, 0x80], "⟨C0⟩⟨80⟩"),
            ([0xED, 0xA0, 0x80], "⟨ED⟩⟨A0⟩⟨80⟩"), ([0xEF, 0xBF, 0xBD], "\u{FFFD}"), ([], ""), ([0x1B], "\u{1B}"),
            ([0x00, 0xFF], "\0⟨FF⟩"),
        ] as [([UInt8], String)])
    func spelling(bytes: [UInt8], expected: String) { #expect(PrintableText.spelled(bytes) == expected) }

    @Test("a chip shows its leading space") func chip() {
        #expect(PrintableText.chip(" lock") == "·lock")
        #expect(PrintableText.chip("lock ") == "lock ")
        #expect(PrintableText.chip("\n") == "↵")
    }
}

@Suite("Seeded generator") struct SeededGeneratorTests {
    @Test("the stream is the published one") func published() {
        // First outputs of the reference implementation for seed 1234567.
        var generator = SeededGenerator(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test("units lie in 0 ..< 1 and spread evenly") func units() {
        var generator = SeededGenerator(seed: 5)
        let values = (0..<10_000).map { _ in generator.nextUnit() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 10_000 - 0.5) < 0.02)
    }
}
