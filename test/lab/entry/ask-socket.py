"""Makes calls through a Docker socket, and says what came of each.

Usage: ask-socket.py SOCKET, with a line `<method> <path>` for each call on stdin

Prints for each `<status, or 0 where the connection ended without one> <1 where the daemon has answered, by its own header>`.
"""

import socket
import sys


def call(path, line):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(path)
        # The path goes out as it is written: a library would tidy it.
        connection.sendall(f"{line} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
        answer = b""
        try:
            while b"\r\n\r\n" not in answer:
                part = connection.recv(65536)
                if not part:
                    break
                answer += part
        except ConnectionResetError:
            pass
    head = answer.split(b"\r\n\r\n")[0]
    words = head.split(b" ", 2)
    status = int(words[1]) if len(words) > 1 else 0
    return status, b"\r\napi-version:" in head.lower()


for line in sys.stdin.read().splitlines():
    status, is_daemon = call(sys.argv[1], line)
    print(f"{status} {is_daemon:d}")
