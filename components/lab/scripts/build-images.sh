#!/usr/bin/env bash
# Builds container images for the base image, each as a root in an archive.
#
# Reads: IMAGES  a line for each image: `<name> <folder of the Go module> <path of the program> <package>`, or of Debian
#                packages `<name> <folder> - <packages> <packages that are unpacked alone>`, separated by commas
#        SUITE   Debian's release
#
# Writes into the folder that it is run in, which is empty, for each image `<file>.tar`, and `<file>.meta` with its name
# and entry point.
set -euo pipefail

ENTRY_POINT=/usr/local/bin/docker-entrypoint.sh
# Nobody reads it in a container.
UNUSED=(doc man info locale lintian bug bash-completion)

# archive_folder FOLDER FILE  as root's own, whoever built it
archive_folder() {
  tar -C "$1" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -cf "$2" .
}

# build_program FILE FOLDER PROGRAM PACKAGE
build_program() {
  (cd "$2" && CGO_ENABLED=0 GOWORK=off go build -trimpath -ldflags "-s -w" -o "$1.root/$3" "$4")
  archive_folder "$1.root" "$1.tar"
  rm -r "$1.root"
}

# build_root FILE FOLDER PACKAGES [UNPACKED]
build_root() {
  local mode=unshare options=() folder
  [[ "$(id -u)" != 0 ]] || mode=root
  for folder in "${UNUSED[@]}"; do
    options+=(--dpkgopt="path-exclude=/usr/share/$folder/*")
  done
  if [[ -n "${4:-}" ]]; then
    # By the release's own keys and checksums, as everything else.
    # shellcheck disable=SC2016 # the hooks are expanded by mmdebstrap's shell
    options+=(
      --customize-hook='mkdir "$1/tmp/unpacked"'
      --customize-hook='cd "$1/tmp/unpacked" && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get download --quiet '"${4//,/ }"
      --customize-hook='chroot "$1" sh -c "dpkg --unpack --force-depends /tmp/unpacked/*.deb && rm -r /tmp/unpacked"'
    )
  fi
  archive_folder "$2/root" "$1.files"
  # shellcheck disable=SC2016 # as above
  mmdebstrap --mode="$mode" --variant=minbase --include="$3" --format=tar --aptopt='Acquire::Retries "3"' "${options[@]}" \
    --customize-hook="tar-in '$1.files' /" \
    --customize-hook="upload '$2/setup.sh' /tmp/setup" \
    --customize-hook='chroot "$1" bash /tmp/setup && rm "$1/tmp/setup"' \
    "$SUITE" "$1.tar"
  rm "$1.files"
}

main() {
  : "${IMAGES:?}" "${SUITE:?}"
  local name source program packages unpacked file
  while read -r name source program packages unpacked; do
    echo "STEP building $name"
    file=$PWD/${name//[^a-z0-9.]/-}
    if [[ "$program" == - ]]; then
      build_root "$file" "$source" "$packages" "$unpacked"
      echo "$name $ENTRY_POINT" >"$file.meta"
    else
      build_program "$file" "$source" "$program" "$packages"
      echo "$name /$program" >"$file.meta"
    fi
  done <<<"$IMAGES"
}

main "$@" </dev/null
