#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lesson: Python processes instead of threads.

The same work as in fib-threads.py, but each worker is a process with an interpreter, and so a
global interpreter lock, of its own. How many of them run at the same time?

    fib-processes.py [-p PROCESSES] [-s SECONDS]
"""
import argparse
import ctypes
import multiprocessing
import time

PR_SET_NAME = 15  # <linux/prctl.h>: so that the kernel, and Lanescope, know the process's name


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work(name, until):
    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())
    rounds = 0
    while time.monotonic() < until:
        fib(18)
        rounds += 1
    print(f"{name}: {rounds} rounds", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Fibonacci numbers on several Python processes.")
    parser.add_argument("-p", "--processes", type=int, default=4)
    parser.add_argument("-s", "--seconds", type=float, default=10)
    options = parser.parse_args()

    until = time.monotonic() + options.seconds
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=work, args=(f"process-{i}", until)) for i in range(options.processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


main()
