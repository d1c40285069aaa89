"""Asks for pages by new connections at a steady rate, however long answers take, and says what came of each request.

Usage: visitor-load.py SETTINGS

SETTINGS is JSON:
  targets  [{"url": …, "address": where to connect, null for the URL's own host}], taken in turn
  rate     requests a second
  timeout  seconds that a request may take, from its connection to the end of its answer
  retries  how often a GET whose connection was reset is asked again: 0 or 1
  ca       certificates to believe in, as text; null where none is verified

Prints a line of JSON for each request, in the order of their ends, and one about the whole at last. Ends where its stdin
does, once all that was begun has ended. A request that cannot begin in time begins late, and says so; none is left out.
"""

import errno
import json
import re
import socket
import ssl
import sys
import threading
import time
from urllib.parse import urlsplit

PRINT_SECONDS = 0.5
HOSTNAME = re.compile(rb"^Hostname: (\S+)", re.MULTILINE)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
NO_WAY = (errno.EHOSTUNREACH, errno.ENETUNREACH)

# Seconds since 1970, by a clock that nobody sets while it runs.
BEGINNING = time.time() - time.monotonic()


class Cut(Exception):
    """The connection ended in order, but before the answer did."""


class Target:
    def __init__(self, url, address, tls):
        parts = urlsplit(url)
        self.url = url
        self.host = parts.hostname
        self.tls = tls if parts.scheme == "https" else None
        self.place = (address or parts.hostname, parts.port or (443 if self.tls else 80))
        path = parts.path or "/"
        self.request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode()


def left(deadline):
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def is_whole(answer):
    """Whether the end of an answer has come; one that does not say where it ends is whole where its connection ends."""
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    length = LENGTH.search(head)
    if length:
        return len(body) >= int(length[1])
    return CHUNKED.search(head) is not None and body.endswith(b"0\r\n\r\n")


def receive(connection, deadline):
    answer = b""
    while not is_whole(answer):
        connection.settimeout(left(deadline))
        part = connection.recv(65536)
        if not part:
            if b"\r\n\r\n" not in answer or LENGTH.search(answer) or CHUNKED.search(answer):
                raise Cut
            break
        answer += part
    return answer


def ask(target, deadline):
    with socket.create_connection(target.place, left(deadline)) as plain:
        plain.settimeout(left(deadline))
        wrapped = target.tls.wrap_socket(plain, server_hostname=target.host) if target.tls else plain
        with wrapped as connection:
            connection.settimeout(left(deadline))
            connection.sendall(target.request)
            return receive(connection, deadline)


def attempt(target, seconds):
    """What came of one request, and of an answer its status and who gave it."""
    try:
        answer = ask(target, time.monotonic() + seconds)
    except TimeoutError:
        return {"outcome": "timeout"}
    except (ConnectionResetError, BrokenPipeError):
        return {"outcome": "reset"}
    except ConnectionRefusedError:
        return {"outcome": "refused"}
    except (Cut, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return {"outcome": "cut"}
    except ssl.SSLError as error:
        return {"outcome": "tls", "error": str(error)}
    except OSError as error:
        return {"outcome": "unreachable" if error.errno in NO_WAY else "error", "error": str(error)}
    words = answer.split(b" ", 2)
    status = int(words[1]) if len(words) > 2 and words[1].isdigit() else 0
    found = HOSTNAME.search(answer)
    name = {"hostname": found[1].decode()} if found else {}
    return {"outcome": "ok" if status == 200 else "status", "status": status, **name}


def request(number, planned, target, settings, lines):
    began = time.monotonic()
    first = attempt(target, settings["timeout"])
    again = {}
    if first["outcome"] == "reset" and settings["retries"] > 0:
        again = {**attempt(target, settings["timeout"]), "retried": True}
    lines.put(
        {
            "number": number,
            "at": round(BEGINNING + began, 4),
            "late": round(began - planned, 4),
            "seconds": round(time.monotonic() - began, 4),
            "url": target.url,
            **(again or first),
        }
    )


class Lines:
    """What is to be printed, by whichever thread; nothing is printed while somebody else prints."""

    def __init__(self):
        self.waiting = []
        self.lock = threading.Lock()

    def put(self, record):
        with self.lock:
            self.waiting.append(json.dumps(record) + "\n")

    def flush(self):
        with self.lock:
            if self.waiting:
                sys.stdout.write("".join(self.waiting))
                sys.stdout.flush()
                self.waiting.clear()

    def flush_on_and_on(self):
        while True:
            time.sleep(PRINT_SECONDS)
            self.flush()


def begin_all(settings, targets, lines, stop):
    """Begins requests until it is told to stop; gives when the first should have begun, when it ended, and their number."""
    start = time.monotonic()
    number = 0
    while True:
        planned = start + number / settings["rate"]
        if stop.wait(max(0, planned - time.monotonic())):
            return start, time.monotonic(), number
        target = targets[number % len(targets)]
        threading.Thread(target=request, args=(number, planned, target, settings, lines)).start()
        number += 1


def trust(ca):
    context = ssl.create_default_context(cadata=ca) if ca else ssl.create_default_context()
    if not ca:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def main():
    settings = json.loads(sys.argv[1])
    tls = trust(settings["ca"])
    targets = [Target(each["url"], each["address"], tls) for each in settings["targets"]]
    lines = Lines()
    stop = threading.Event()
    # Hundreds of them may hang at a time.
    threading.stack_size(256 * 1024)
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), stop.set()), daemon=True).start()
    threading.Thread(target=lines.flush_on_and_on, daemon=True).start()
    start, end, begun = begin_all(settings, targets, lines, stop)
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
    lines.put(
        {
            "summary": True,
            "from": round(BEGINNING + start, 4),
            "to": round(BEGINNING + end, 4),
            "rate": settings["rate"],
            "begun": begun,
            "cpu": round(time.process_time() / (time.monotonic() - start), 3),
        }
    )
    lines.flush()


main()
