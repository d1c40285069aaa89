import type { LabStack } from "./lab-stack";

/** How many words and variables of a program's start are kept; more than any call of ours has. */
const WORDS = 32;
const VARIABLES = 40;

const TRACING = "/sys/kernel/tracing";
const LOG = "/run/exec-audit.log";

// The kernel's own way to see every start of a program with its words and its environment: a probe on execve, whose
// arguments lie in the caller's saved registers (rsi: words, rdx: environment).
const START = `
set -euo pipefail
mountpoint -q ${TRACING} || mount -t tracefs tracefs ${TRACING}
cd ${TRACING}
echo 0 >events/enable
words="" variables=""
for i in $(seq 0 ${String(WORDS - 1)}); do words="$words w$i=+u0(+u$((i * 8))(+104(%di))):ustring"; done
for i in $(seq 0 ${String(VARIABLES - 1)}); do variables="$variables v$i=+u0(+u$((i * 8))(+96(%di))):ustring"; done
echo "p:audit/words __x64_sys_execve$words" >kprobe_events
echo "p:audit/variables __x64_sys_execve$variables" >>kprobe_events
echo 1 >events/audit/words/enable
echo 1 >events/audit/variables/enable
setsid --fork cat trace_pipe >${LOG} 2>/dev/null </dev/null
`;

// The probe reads on behind the null that ends the words, into whatever the caller's memory holds there: in dockerd's lies
// an app's secret at times, which no program was given. Of each start, what comes from the first null on is dropped.
const STOP = `
cd ${TRACING}
sleep 1
echo 0 >events/audit/words/enable
echo 0 >events/audit/variables/enable
pkill -f '^cat trace_pipe' || true
echo >kprobe_events
awk '
  function flush() { sub(/ [wv][0-9]+=\\(fault\\).*/, "", start); if (start != "") print start; start = "" }
  / \\[[0-9][0-9][0-9]\\] .* (words|variables): / { flush(); start = $0; next }
  { start = start "\\n" $0 }
  END { flush() }
' ${LOG} >${LOG}.part
mv ${LOG}.part ${LOG}
`;

/** Starts to keep every start of a program on the machines, with words and environment. */
export async function startAudit(lab: LabStack, machines: readonly string[]): Promise<void> {
  await Promise.all(machines.map((name) => lab.on(name, START)));
}

/** Ends it, and gives how many starts there were on each machine; `findLeaks` looks into what was kept. */
export async function stopAudit(
  lab: LabStack,
  machines: readonly string[],
): Promise<Record<string, number>> {
  const counts = machines.map(
    async (name) =>
      [name, Number(await lab.on(name, `${STOP}\ngrep -c ' words: ' ${LOG}`))] as const,
  );
  return Object.fromEntries(await Promise.all(counts));
}

// The secrets go by stdin and lie in a file of root's own, so that looking for them shows them nowhere.
const FIND = `
set -uo pipefail
umask 077
PATTERNS=/run/leak-patterns
printf '%s\\n' "$SECRETS" >$PATTERNS
holding() { xargs -0 --no-run-if-empty grep --files-with-matches --text --fixed-strings --file=$PATTERNS -- 2>/dev/null; }
name_of() { while read -r file; do echo "$1 $(cat "\${file%/*}/comm" 2>/dev/null)"; done; }
[ ! -e ${LOG} ] || printf '%s\\0' ${LOG} | holding | sed 's/.*/starts of programs/'
# All is read: a grep that stops early would make the other fail.
if [ "$(journalctl --no-pager --output=cat 2>/dev/null | grep --count --text --fixed-strings --file=$PATTERNS)" -gt 0 ]; then echo journal; fi
find /proc -mindepth 2 -maxdepth 2 -name cmdline -print0 2>/dev/null | holding | name_of "words of process"
find /proc -mindepth 2 -maxdepth 2 -name environ -not -user root -print0 2>/dev/null | holding | name_of "environment of process"
find /var/log -type f -not -path '/var/log/journal/*' -print0 | holding
find / -xdev -type f -perm -o=r -newer /etc/machine-id -size -2M -not -path '/usr/*' -not -path '/var/lib/docker/*' -print0 2>/dev/null | holding
rm $PATTERNS
exit 0
`;

/** Where on the machines secrets can be seen by others than root, a line `<machine>: <place>` each. */
export async function findLeaks(
  lab: LabStack,
  machines: readonly string[],
  secrets: readonly string[],
): Promise<string[]> {
  // A file of base64 may hold it too.
  const all = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
  const script = `SECRETS='${all.join("\n")}'\n${FIND}`;
  const found = await Promise.all(
    machines.map(async (name) => {
      const said = await lab.on(name, script);
      return said
        .split("\n")
        .filter((line) => line !== "")
        .map((place) => `${name}: ${place}`);
    }),
  );
  return found.flat();
}
