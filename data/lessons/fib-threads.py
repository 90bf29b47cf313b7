#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lesson: Python threads and the global interpreter lock (GIL).

Each thread computes Fibonacci numbers. There is no lock in this program, but there is one
in the interpreter: only the thread that holds it runs Python code. What will the lanes show?

    fib-threads.py [-t THREADS] [-s SECONDS]
"""
import argparse
import ctypes
import threading
import time

PR_SET_NAME = 15  # <linux/prctl.h>: so that the kernel, and Lanescope, know the thread's name


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work(name, until, rounds):
    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())
    while time.monotonic() < until:
        fib(18)
        rounds[name] += 1


def main():
    parser = argparse.ArgumentParser(description="Fibonacci numbers on several Python threads.")
    parser.add_argument("-t", "--threads", type=int, default=4)
    parser.add_argument("-s", "--seconds", type=float, default=10)
    options = parser.parse_args()

    until = time.monotonic() + options.seconds
    names = [f"worker-{i}" for i in range(options.threads)]
    rounds = dict.fromkeys(names, 0)
    threads = [threading.Thread(target=work, args=(name, until, rounds)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in names:
        print(f"{name}: {rounds[name]} rounds")


main()
