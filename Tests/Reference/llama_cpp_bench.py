"""Times llama.cpp on request, so that `topsail-bench` can measure both programs in turn.

Start it as `python llama_cpp_bench.py MODEL THREADS` with the package llama-cpp-python installed. It prints one line
`ready VERSION` and then answers each line on standard input with the milliseconds that the job took:

    prompt N     reads N tokens into an empty context, logits of the last one
    decode N M   reads N tokens (not timed), then computes M tokens one by one, each with its logits
"""

import sys
import time

import llama_cpp


def main() -> None:
    path, threads = sys.argv[1], int(sys.argv[2])
    model = llama_cpp.Llama(path, n_ctx=2048, n_batch=2048, n_ubatch=512, n_threads=threads, n_threads_batch=threads,
                            flash_attn=True, logits_all=False, verbose=False)
    text = "In winter the wind shook the glass and the keeper slept badly, but in summer he sat outside with a book. "
    tokens = model.tokenize((text * 120).encode(), add_bos=False)
    print("ready", llama_cpp.__version__, flush=True)
    for line in sys.stdin:
        words = line.split()
        model.reset()
        if words[0] == "prompt":
            start = time.perf_counter()
            model.eval(tokens[:int(words[1])])
        else:
            first, count = int(words[1]), int(words[2])
            model.eval(tokens[:first])
            start = time.perf_counter()
            for token in tokens[first:first + count]:
                model.eval([token])
        print((time.perf_counter() - start) * 1000, flush=True)


if __name__ == "__main__":
    main()
