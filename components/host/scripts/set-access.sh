#!/usr/bin/env bash
# Who may log in to the machine by SSH: the keys of its login user, these and no others.
#
# Reads: LOGIN_USER  the login user
#        KEYS        text of ~/.ssh/authorized_keys, a line a key
#
# Puts the file in the place of the old one in one move, and only where it differs, so a second run changes nothing and no
# moment is without a key. Follows step.sh.
set -euo pipefail

fail() {
  echo "$(hostname): $1" >&2
  exit 1
}

# A machine that takes no key would be closed for good, so OpenSSH itself has to find one in each line.
check_keys() {
  local wanted found
  wanted=$(grep -c . <<<"$KEYS" || true)
  found=$(ssh-keygen -l -f - 2>/dev/null <<<"$KEYS" | grep -c . || true)
  ((wanted > 0 && wanted == found)) ||
    fail "KEYS: must be a public key a line, at least one, got $found keys in $wanted lines; the old ones stay"
}

is_right() {
  holds "$1" "$KEYS" && [[ "$(stat -c '%a %U' "$1")" == "600 $LOGIN_USER" ]]
}

main() {
  : "${LOGIN_USER:?}" "${KEYS:?}"
  local home folder file
  check_keys
  home=$(getent passwd "$LOGIN_USER" | cut -d: -f6 || true)
  [[ -n "$home" ]] || fail "LOGIN_USER: must be a user of the machine, got $LOGIN_USER"
  folder=$ROOT$home/.ssh
  file=$folder/authorized_keys
  # sshd reads this one as well.
  if [[ -e "${file}2" ]] && to_mend "$home/.ssh/authorized_keys2 lets others in"; then rm "${file}2"; fi
  if is_right "$file" || ! to_mend "$home/.ssh/authorized_keys is not as it should be"; then
    return 0
  fi
  install -d -m 700 -o "$LOGIN_USER" -g "$(id -g "$LOGIN_USER")" "$folder"
  printf '%s' "$KEYS" >"$file.new"
  chown "$LOGIN_USER:" "$file.new"
  chmod 600 "$file.new"
  mv "$file.new" "$file"
  echo "changed $home/.ssh/authorized_keys"
}

main "$@" </dev/null
