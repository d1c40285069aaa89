"""Says ten times a second whether this machine holds an address, and whether it reaches the gateway.

Usage: holder-samples.py ADDRESS GATEWAY

Prints a line `<seconds by a clock that nobody sets> <1 where it holds the address> <1 where it reaches the gateway>` each.
The kernel is asked as `ip addr` asks it, without a process for each look: three machines that are emulated on two
processors have none to spare. The gateway is reached where it has answered a ping within the last second. Needs root.
"""

import os
import socket
import struct
import sys
import time

PERIOD_SECONDS = 0.1
REACH_SECONDS = 1
# Lines that go out together: a packet for each would cost more than the look.
TOGETHER = 5

# linux/netlink.h, linux/rtnetlink.h, linux/if_addr.h
NLM_F_REQUEST_DUMP = 0x301
NLMSG_DONE = 3
RTM_GETADDR = 22
IFA_LOCAL = 2
ECHO, ECHO_REPLY = 8, 0


def messages(part):
    while len(part) >= 16:
        length, kind = struct.unpack_from("=IH", part)
        yield kind, part[16:length]
        part = part[(length + 3) & ~3 :]


class Addresses:
    def __init__(self):
        self.kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.kernel.settimeout(5)

    def hold(self, address):
        question = struct.pack("=IHHIIBBBBI", 24, RTM_GETADDR, NLM_F_REQUEST_DUMP, 0, 0, socket.AF_INET, 0, 0, 0, 0)
        wanted = struct.pack("=HH4s", 8, IFA_LOCAL, socket.inet_aton(address))
        self.kernel.send(question)
        found = False
        while True:
            for kind, body in messages(self.kernel.recv(65536)):
                if kind == NLMSG_DONE:
                    return found
                found = found or wanted in body


def checksum(packet):
    total = sum(struct.unpack(f"!{len(packet) // 2}H", packet))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


class Gateway:
    def __init__(self, address):
        self.address = address
        self.wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.wire.setblocking(False)
        self.mark = os.getpid() & 0xFFFF
        self.answered = None

    def ping(self):
        packet = struct.pack("!BBHHH", ECHO, 0, 0, self.mark, 0)
        packet = struct.pack("!BBHHH", ECHO, 0, checksum(packet), self.mark, 0)
        try:
            self.wire.sendto(packet, (self.address, 0))
        except OSError:
            # No way there: what counts is that no answer comes.
            pass

    def is_reached(self, now):
        while True:
            try:
                packet = self.wire.recv(4096)
            except OSError:
                break
            body = packet[(packet[0] & 0xF) * 4 :]
            if len(body) >= 8 and struct.unpack_from("!BBHH", body)[::3] == (ECHO_REPLY, self.mark):
                self.answered = now
        return self.answered is not None and now - self.answered < REACH_SECONDS


def main():
    address, gateway = sys.argv[1:]
    addresses = Addresses()
    way = Gateway(gateway)
    following = time.monotonic()
    number = 0
    while True:
        way.ping()
        now = time.monotonic()
        holds = addresses.hold(address)
        print(f"{now:.3f} {holds:d} {way.is_reached(now):d}")
        number += 1
        if number % TOGETHER == 0:
            sys.stdout.flush()
        # A machine that stood still does not make up for it.
        following = max(following + PERIOD_SECONDS, now)
        time.sleep(max(0, following - time.monotonic()))


main()
