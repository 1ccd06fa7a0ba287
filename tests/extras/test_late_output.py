"""What is written to a captured stream after its capture is over arrives, where pytest fails with "I/O operation on closed
file" (its issues 5502 and 5743)."""

import pytest

SUITE = """
    import atexit, logging, sys, threading, time

    logging.getLogger("late").addHandler(logging.StreamHandler())
    logging.getLogger("late").setLevel("INFO")

    def test_handler():
        atexit.register(lambda: logging.getLogger("late").info("logged at exit"))

    def test_print():
        stream = sys.stdout
        atexit.register(lambda: print("printed at exit", file=stream))
        atexit.register(lambda: stream.buffer.write(b"bytes at exit\\n"))
        atexit.register(lambda: stream.writelines(["lines at ", "exit\\n"]))

    def test_capsys(capsys):
        stream = sys.stdout
        atexit.register(lambda: print("capsys at exit", file=stream, flush=True))

    def test_capfd(capfd):
        stream = sys.stderr
        atexit.register(lambda: print("capfd at exit", file=stream))

    def test_thread():
        stream = sys.stdout
        def run():
            while stream is not sys.__stdout__ and not stream.closed:
                time.sleep(0.001)
            print("from a thread", file=stream)
        threading.Thread(target=run).start()
"""


@pytest.mark.parametrize("capture", ["fd", "sys", "tee-sys", "no"])
def test_it_arrives(pytester, capture):
    pytester.makepyfile(test_late=SUITE)
    result = pytester.runpytest_subprocess(f"--capture={capture}")
    assert result.ret == 0
    for text in ("printed", "bytes", "lines", "capsys"):
        assert result.stdout.str().count(f"{text} at exit") == 1
    assert result.stdout.str().count("from a thread") == 1
    for text in ("logged at exit", "capfd at exit"):
        assert result.stderr.str().count(text) == 1
    assert "closed file" not in result.stdout.str() + result.stderr.str()


def test_in_another_test(pytester):
    pytester.makepyfile(
        """
        import sys
        streams = []
        def test_a(capsys):
            streams.append(sys.stdout)
        def test_b(capsys):
            print("late", file=streams[0])
            assert capsys.readouterr().out == "late\\n"
            assert streams[0].closed
            assert type(streams[0]).__name__ == "CaptureIO"
        """
    )
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_streams_that_tests_close_stay_closed(pytester):
    pytester.makepyfile(
        """
        import pytest
        from _pytest.capture import CaptureIO
        def test_a():
            stream = CaptureIO()
            stream.close()
            with pytest.raises(ValueError, match="closed file"):
                stream.write("x")
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)
