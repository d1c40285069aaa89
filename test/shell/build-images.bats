#!/usr/bin/env bats
# Container images for the base image.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  OUT=$BATS_TEST_TMPDIR/out
  SOURCE=$BATS_TEST_TMPDIR/source
  mkdir -p "$OUT" "$SOURCE/root/usr/bin"
  echo hello >"$SOURCE/root/usr/bin/hello"
  chmod 775 "$SOURCE/root/usr/bin/hello"
  stub go 'while [[ $# -gt 1 ]]; do [[ "$1" != -o ]] || { mkdir -p "${2%/*}" && echo program >"$2"; }; shift; done'
  stub mmdebstrap 'echo root >"${@: -1}"'
  export SUITE=trixie
}

build() {
  cd "$OUT" || exit
  IMAGES=$1 run bash "$ROOT/components/lab/scripts/build-images.sh"
}

@test "makes a program the only file of its image" {
  build "example/hello:1.0 $SOURCE hello ."
  expect_status 0
  expect_call "go build -trimpath -ldflags -s -w -o $OUT/example-hello-1.0.root/hello ."
  [[ "$(cat "$OUT/example-hello-1.0.meta")" == "example/hello:1.0 /hello" ]]
  [[ "$(tar -tf "$OUT/example-hello-1.0.tar")" == $'./\n./hello' ]]
  [[ "$(tar -tvf "$OUT/example-hello-1.0.tar" | awk '{ print $2 }' | sort -u)" == 0/0 ]]
}

@test "builds a program that its module names as a tool, and puts it where it belongs" {
  build "example/hello:1.0 $SOURCE usr/local/bin/hello example.com/hello/cmd/hello"
  expect_status 0
  expect_call "go build -trimpath -ldflags -s -w -o $OUT/example-hello-1.0.root/usr/local/bin/hello example.com/hello/cmd/hello"
  [[ "$(cat "$OUT/example-hello-1.0.meta")" == "example/hello:1.0 /usr/local/bin/hello" ]]
  tar -tf "$OUT/example-hello-1.0.tar" | grep -Fxq ./usr/local/bin/hello
}

@test "makes a root of packages, with the image's files and its last step" {
  build "example/db:2 $SOURCE - one,two three,four"
  expect_status 0
  [[ "$(cat "$OUT/example-db-2.meta")" == "example/db:2 /usr/local/bin/docker-entrypoint.sh" ]]
  [[ "$(ls "$OUT")" == $'example-db-2.meta\nexample-db-2.tar' ]]
  expect_text "STEP building example/db:2"
  local call
  call=$(grep ^mmdebstrap "$CALLS")
  [[ "$call" == *" --include=one,two "* && "$call" == *"apt-get download --quiet three four"* ]]
  [[ "$call" == *"tar-in '$OUT/example-db-2.files' /"*"upload '$SOURCE/setup.sh' "*" trixie $OUT/example-db-2.tar" ]]
}

@test "unpacks nothing alone where nothing is named" {
  build "example/db:2 $SOURCE - one"
  expect_status 0
  refuse_call 'apt-get download'
}

@test "leaves no name beside an archive that is not whole" {
  stub mmdebstrap 'exit 7'
  build "example/db:2 $SOURCE - one"
  [[ "$status" -ne 0 && ! -e "$OUT/example-db-2.meta" ]]
}

@test "names a value that is missing" {
  build ""
  [[ "$status" -ne 0 ]]
  expect_text "IMAGES: parameter null or not set"
}
