"""Runs the built program with limits on time and memory, and says what it took."""

import os
import resource
import signal
import tempfile
import time


class Outcome:
    """What one run printed and took."""

    def __init__(self, status, output, errors, seconds, peak_mib):
        self.status = status
        self.output = output
        self.errors = errors
        self.seconds = seconds
        self.peak_mib = peak_mib

    @property
    def is_refusal(self):
        """Exit status 1 with one `error:` sentence, perhaps a hint, and nothing on standard output."""
        lines = self.errors.strip().splitlines()
        return (
            self.status == 1 and not self.output.strip() and bool(lines) and lines[0].startswith("error: ")
            and len(lines[0]) > 20 and all(line.startswith("hint: ") for line in lines[1:]))


class Program:
    """The built `topsail`, with a workspace of its own."""

    def __init__(self, path, workspace):
        self.path = str(path)
        self.environment = os.environ | {"TOPSAIL_HOME": str(workspace)}

    def run(self, *arguments, seconds=600, address_space_mib=None):
        """One run; a run that takes longer than `seconds` is ended. A signal gives a negative status."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            started = time.monotonic()
            process = os.fork()
            if process == 0:
                self._become(arguments, output, errors, address_space_mib)
            status, usage = self._wait(process, started + seconds)
            texts = []
            for file in (output, errors):
                file.seek(0)
                texts.append(file.read().decode("utf-8", "replace"))
            return Outcome(status, *texts, time.monotonic() - started, usage.ru_maxrss / 1024)

    def _become(self, arguments, output, errors, address_space_mib):
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if address_space_mib:
                resource.setrlimit(resource.RLIMIT_AS, (address_space_mib << 20, address_space_mib << 20))
            os.execve(self.path, [self.path, *map(str, arguments)], self.environment)
        finally:
            os._exit(127)

    @staticmethod
    def _wait(process, deadline):
        while True:
            ended, status, usage = os.wait4(process, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status), usage
            if time.monotonic() > deadline:
                os.kill(process, signal.SIGKILL)
                _, status, usage = os.wait4(process, 0)
                return os.waitstatus_to_exitcode(status), usage
            time.sleep(0.002)
