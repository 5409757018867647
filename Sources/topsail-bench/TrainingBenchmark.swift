import Foundation
import TopsailCore
import TopsailSAE
import TopsailTensor

/// One training step of each architecture, beside the machine's limit and, where there is one, sae-lens.
///
/// `TOPSAIL_SAE_LENS_PYTHON` names a Python with sae-lens 6; its TopK trainer then runs the same step with as many threads.
struct TrainingBenchmark {
    let machine: Machine
    private let dIn = 576
    private let dSAE = 5760
    private let k = 32
    private let batch = 2048

    func run() throws -> [Measurement] {
        var random = SeededGenerator(seed: 3)
        let x = (0..<batch * dIn).map { _ in Float(random.nextUnit() * 2 - 1) }
        let peer = peerStep()
        // The product of the forward pass is the least that a trainer does.
        let forward = 2 * Double(batch * dIn * dSAE) / machine.gemmRate * 1000
        return try TrainingArchitecture.allCases.map { architecture in
            var c = TrainingConfiguration(
                architecture, dIn: dIn, dSAE: dSAE, k: k, totalTokens: batch * 1000, seed: 1)
            // The weight under which the penalty is about as strong as it comes to be.
            if !architecture.choosesByCount { c.sparsityCoefficient = 5 }
            let source = MatrixActivationSource(values: x, dIn: dIn, seed: 1)
            let trainer = try SAETrainer(c, statistics: ActivationStatistics(measuring: source, rows: batch))
            let bound = architecture == .topk ? peer.map { ($0, "sae-lens") } : nil
            return try Measurement.of(
                "train \(architecture.rawValue), \(dIn) -> \(dSAE), k \(k), \(batch)", count: 5, warmUp: 3,
                work: (Double(batch), "token"), bound: bound ?? (forward, "one fp32 GEMM")
            ) { sink(try trainer.train(on: x)) }
        }
    }

    /// Milliseconds of a step of sae-lens' TopK trainer; `nil` when no Python is given or it fails.
    private func peerStep() -> Double? {
        guard let python = ProcessInfo.processInfo.environment["TOPSAIL_SAE_LENS_PYTHON"] else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", Self.peerScript, "\(dIn)", "\(dSAE)", "\(k)", "\(batch)", "\(Parallel.threads)"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").last.flatMap { Double($0) }
    }

    private static let peerScript = """
        import statistics, sys, time, torch
        from sae_lens.saes.sae import TrainStepInput
        from sae_lens.saes.topk_sae import TopKTrainingSAE, TopKTrainingSAEConfig
        d_in, d_sae, k, batch, threads = map(int, sys.argv[1:])
        torch.set_num_threads(threads)
        sae = TopKTrainingSAE(TopKTrainingSAEConfig(d_in=d_in, d_sae=d_sae, k=k, device="cpu"))
        optimizer = torch.optim.Adam(sae.parameters(), lr=1e-3)
        x = torch.rand(batch, d_in) * 2 - 1
        times = []
        for step in range(6):
            start = time.perf_counter()
            out = sae.training_forward_pass(TrainStepInput(sae_in=x, dead_neuron_mask=None, coefficients={},
                n_training_steps=step, is_logging_step=False))
            out.loss.backward()
            torch.nn.utils.clip_grad_norm_(sae.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            times.append(1000 * (time.perf_counter() - start))
        print(statistics.median(times[2:]))
        """
}
