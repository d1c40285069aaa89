import type { LabStack } from "./lab-stack";
import { say } from "./say";

/**
 * Measures folders one after the other: the wait for a synced append of 4 KiB, a file of 64 MiB written and synced, and
 * read again by a kernel that has forgotten it, and files of 4 KiB made and synced, and read again, each.
 */
const MEASURE = `
import os, statistics, sys, time
def forget():
    os.sync()
    open("/proc/sys/vm/drop_caches", "w").write("3")
def put(path, text, flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC):
    file = os.open(path, flags, 0o600)
    os.write(file, text)
    os.fsync(file)
    os.close(file)
def clock(work):
    started = time.monotonic()
    work()
    return time.monotonic() - started
def read(path, size):
    with open(path, "rb", buffering=0) as file:
        while file.read(size):
            pass
BLOCK, MIB, FILES, LARGE = os.urandom(4096), os.urandom(1 << 20), 50, 64
for folder in sys.argv[1:]:
    os.makedirs(folder, exist_ok=True)
    one = f"{folder}/one"
    put(one, BLOCK)
    waits = [clock(lambda: put(one, BLOCK, os.O_WRONLY | os.O_APPEND)) for _ in range(100)]
    def large():
        file = os.open(f"{folder}/large", os.O_WRONLY | os.O_CREAT, 0o600)
        for _ in range(LARGE):
            os.write(file, MIB)
        os.fsync(file)
    writing = clock(large)
    forget()
    reading = clock(lambda: read(f"{folder}/large", 1 << 20))
    making = clock(lambda: [put(f"{folder}/{number}", BLOCK) for number in range(FILES)])
    forget()
    looking = clock(lambda: [read(f"{folder}/{number}", 4096) for number in range(FILES)])
    ms = sorted(1000 * wait for wait in waits)
    print(f"{folder}: synced append {statistics.median(ms):.1f} ms (95 of 100 below {ms[94]:.1f}), "
          f"write {LARGE / writing:.1f} MiB/s, read {LARGE / reading:.1f} MiB/s, "
          f"files of 4 KiB made {FILES / making:.1f}/s, read {FILES / looking:.1f}/s")
    for name in os.listdir(folder):
        os.remove(f"{folder}/{name}")
`;

/** Prints what the storage costs beside the same machine's own disk, both in one run. */
export async function measureSpeed(lab: LabStack, machine: string): Promise<void> {
  const folders = "/var/tmp/speed /var/data/runtime/speed";
  const text = await lab.on(machine, `python3 - ${folders} <<'PYTHON'\n${MEASURE}\nPYTHON`);
  for (const line of text.split("\n")) {
    say(`${machine}: ${line}`);
  }
}
