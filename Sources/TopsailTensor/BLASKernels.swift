import CKernels
import COpenBLAS
import Foundation

/// Which of its kernels OpenBLAS runs.
public enum BLASKernels {
    /// What OpenBLAS calls the CPU whose kernels it runs.
    public static var name: String { String(cString: openblas_get_corename()) }

    private static let variable = "OPENBLAS_CORETYPE"
    /// What OpenBLAS takes for a CPU that it does not know: SSE3 and no more, some eight times slower than AVX-512.
    private static let fallback = "Prescott"

    /// Starts the program anew with better kernels where OpenBLAS does not know a CPU that can run them.
    ///
    /// OpenBLAS chooses once, when it is loaded, and knows only CPUs that are older than itself. What it takes from the environment
    /// it takes at that time, so this is the first thing a program should do. It returns where nothing is to be gained, where
    /// `OPENBLAS_CORETYPE` is set already, or where the program cannot be started again.
    public static func startAnewForUnknownCPU() {
        guard name == fallback, getenv(variable) == nil, let better else { return }
        setenv(variable, better, 0)
        execv("/proc/self/exe", CommandLine.unsafeArgv)
        unsetenv(variable)
    }

    private static var better: String? {
        switch String(cString: tsk_instruction_set()) {
        case "avx512": "SKYLAKEX"
        case "avx2": "HASWELL"
        default: nil
        }
    }
}
