#!/usr/bin/env bats
# Whether a manager may hold the entry's address. Its Traefik is a real server on the loopback interface.

# shellcheck disable=SC2016 # a stub's text is for the stub

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root WORLD=$BATS_TEST_TMPDIR/world
  STATE=$FILES_ROOT/run/swarmstead/vip
  mkdir -p "$FILES_ROOT/proc/net" "$WORLD"
  mkfifo "$WORLD/pipe"
  # The gateway 10.77.1.2, behind a route that is none of a default.
  cat >"$FILES_ROOT/proc/net/route" <<'TEXT'
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00004D0A	00000000	0001	0	0	0	00FEFFFF	0	0	0
eth0	00000000	02014D0A	0003	0	0	0	00000000	0	0	0
TEXT
  at 100.00
  # Only who has a file here answers.
  stub ping '[[ -e "$WORLD/${!#}" ]]'
  # Says what is in the file `says` to each request, and nothing where there is none.
  cat >"$BIN/traefik" <<'TEXT'
#!/usr/bin/perl
use Socket;
socket(S, PF_INET, SOCK_STREAM, 0);
bind(S, sockaddr_in(0, inet_aton("127.0.0.1")));
listen(S, 5);
my ($port) = sockaddr_in(getsockname(S));
open(P, ">", "$ENV{WORLD}/port.new"); print P $port; close(P); rename("$ENV{WORLD}/port.new", "$ENV{WORLD}/port");
while (accept(C, S)) {
  my $request = "";
  while (my $line = <C>) { $request .= $line; last if $line eq "\r\n"; }
  open(R, ">", "$ENV{WORLD}/request"); print R $request; close(R);
  if (open(F, "<", "$ENV{WORLD}/says")) { print C <F>; close(C); } else { push(@kept, *C{IO}); undef *C; }
}
TEXT
  chmod +x "$BIN/traefik"
  perl "$BIN/traefik" 3>&- &
  SERVER=$!
  for _ in $(seq 100); do [[ ! -e "$WORLD/port" ]] || break && sleep 0.05; done
  says "200 OK"
  value PING_HOST 127.0.0.1
  value PING_PORT "$(cat "$WORLD/port")"
  value PING_PATH /ping
  value ANSWER_SECONDS 0.40
  value PEERS "10.77.0.12 10.77.0.13"
  value SILENT_SECONDS 5.00
}

teardown() {
  kill "$SERVER" 2>/dev/null || true
}

# at SECONDS  since the machine's boot
at() {
  echo "$1 55.00" >"$FILES_ROOT/proc/uptime"
}

says() {
  printf 'HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nOK' "$1" >"$WORLD/says"
}

# answer HOST…  from now on these answer a ping, and no other
answer() {
  rm -f "$WORLD"/10.*
  local host
  for host in "$@"; do touch "$WORLD/$host"; done
}

# Runs the program, and waits until the pings that it has started are over, which have the pipe open for so long.
check() {
  local reader
  cat "$WORLD/pipe" >/dev/null 3>&- &
  reader=$!
  run bash 9>"$WORLD/pipe" < <(cat "$VALUES" "$ROOT/components/vip/scripts/check-entry.sh")
  wait "$reader"
}

@test "is true where Traefik takes requests and another manager answers, once it has" {
  answer 10.77.0.13
  check
  expect_status 1
  [[ "$output" == "neither another manager nor the gateway answers a ping" ]]
  check
  [[ "$status" -eq 0 && "$output" == "" ]]
  [[ "$(cat "$STATE/seen")" == "10000 10.77.0.13" ]]
  diff "$WORLD/request" - <<<$'GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r'
}

@test "is true where the gateway alone answers" {
  answer 10.77.1.2
  check
  check
  expect_status 0
  expect_call "ping -n -q -c 1 -W 1 10.77.1.2"
}

@test "asks whoever answered last, alone, and not before two seconds have passed" {
  answer 10.77.0.12 10.77.0.13
  check
  last=$(cut -d' ' -f2 "$STATE/seen")
  : >"$CALLS"
  at 101.90
  check
  expect_status 0
  refuse_call ping
  at 102.00
  check
  expect_status 0
  [[ "$(cat "$CALLS")" == "ping -n -q -c 1 -W 1 $last" ]]
  [[ "$(cat "$STATE/seen")" == "10200 $last" ]]
}

@test "asks all where the one that answered last is silent" {
  answer 10.77.0.12
  check
  answer 10.77.1.2
  : >"$CALLS"
  at 102.00
  check
  expect_status 0
  [[ "$(head -n 1 "$CALLS")" == "ping -n -q -c 1 -W 1 10.77.0.12" ]]
  [[ "$(tail -n +2 "$CALLS" | sort | grep -o '10[0-9.]*$' | tr '\n' ' ')" == "10.77.0.12 10.77.0.13 10.77.1.2 " ]]
  [[ "$(cat "$STATE/seen")" == "10200 10.77.1.2" ]]
}

@test "is false once nobody has answered for the time, to the hundredth, and true again after an answer" {
  answer 10.77.0.12
  check
  answer
  at 105.00
  check
  expect_status 0
  at 105.01
  check
  expect_status 1
  [[ "$output" == "neither another manager nor the gateway answers a ping" ]]
  answer 10.77.0.13
  at 107.10
  check
  expect_status 1
  check
  expect_status 0
}

@test "does not wait for a ping" {
  stub ping 'sleep 3; touch "$WORLD/late"'
  value PEERS 10.77.0.12
  run bash 3>&- < <(cat "$VALUES" "$ROOT/components/vip/scripts/check-entry.sh")
  expect_status 1
  [[ ! -e "$WORLD/late" ]]
}

@test "never finds a manager without others cut off" {
  value PEERS ""
  answer
  check
  expect_status 0
  refuse_call ping
  [[ ! -e "$STATE" ]]
}

@test "is false where Traefik is told to stop, whatever it still serves" {
  value PEERS ""
  says "503 Service Unavailable"
  check
  expect_status 1
  [[ "$output" == "Traefik takes no requests: it says 503 Service Unavailable" ]]
}

@test "is false where Traefik hangs, within the time" {
  value PEERS ""
  rm "$WORLD/says"
  started=$(date +%s%N)
  check
  expect_status 1
  [[ "$output" == "Traefik does not answer within 0.40 s" ]]
  (($(date +%s%N) - started < 3000000000))
}

@test "is false where Traefik is gone" {
  value PEERS ""
  kill "$SERVER"
  wait "$SERVER" 2>/dev/null || true
  check
  expect_status 1
  [[ "$output" == "nothing listens on Traefik's port $(cat "$WORLD/port")" ]]
}

@test "works without a default route" {
  head -n 2 "$FILES_ROOT/proc/net/route" >"$WORLD/route"
  mv "$WORLD/route" "$FILES_ROOT/proc/net/route"
  answer 10.77.0.12
  check
  check
  expect_status 0
  [[ "$(sort "$CALLS" | grep -o '10[0-9.]*$' | tr '\n' ' ')" == "10.77.0.12 10.77.0.13 " ]]
}

@test "reads the time since the boot as decimal digits" {
  at 0.08
  check
  expect_status 0
}

@test "names a value that is missing" {
  STEP=check_values expect_missing_named "" PING_HOST PING_PORT PING_PATH ANSWER_SECONDS SILENT_SECONDS
}

check_values() {
  check
}
