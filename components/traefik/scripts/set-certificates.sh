#!/usr/bin/env bash
# Certificates of a local authority on one manager: the authority's own, for whoever is to trust it, and one for the names
# that are served.
#
# Reads: FOLDER            where they belong
#        AUTHORITY         name of the authority
#        AUTHORITY_KEY     its private key, PEM
#        AUTHORITY_PUBLIC  its public key, PEM
#        NAMES             DNS names, separated by spaces; may be empty, and then no certificate is made
#        GROUP             number of the group that may read the certificate's private key
#        CONF              a file that Traefik watches: touched, it has Traefik read certificates anew
#
# The authority's key is written nowhere. Each manager makes certificates of its own; any manager's authority verifies what
# any other has issued, as their name and key are the same. What is right and holds for 30 more days stays, so a second
# run changes nothing. With `delete`, takes the certificates away. Follows step.sh.
set -euo pipefail

AUTHORITY_DAYS=3650
# One day less than Mozilla's profile "intermediate" allows.
LEAF_DAYS=365
LEFT_SECONDS=$((30 * 86400))

# The names as openssl shows them.
list_names() {
  local names
  # shellcheck disable=SC2086 # several words by intention
  names=$(printf 'DNS:%s, ' $NAMES)
  echo "${names%, }"
}

is_authority() {
  local shown public=${AUTHORITY_PUBLIC%$'\n'}
  shown=$(openssl x509 -in "$ROOT$FOLDER/ca.pem" -noout -subject -nameopt RFC2253 -pubkey -checkend "$LEFT_SECONDS" 2>/dev/null) &&
    [[ "$shown" == *"CN=$AUTHORITY"$'\n'* && "$shown" == *"$public"* ]]
}

# Whether the certificate is of this authority, for these names, with its own key that its group alone can read.
is_leaf() {
  local leaf=$ROOT$FOLDER/leaf.pem key=$ROOT$FOLDER/leaf.key shown public
  [[ "$(stat -c '%a %g' "$key" 2>/dev/null || true)" == "640 $GROUP" ]] &&
    openssl verify -purpose sslserver -attime "$(($(date +%s) + LEFT_SECONDS))" -CAfile "$ROOT$FOLDER/ca.pem" "$leaf" >/dev/null 2>&1 &&
    public=$(openssl pkey -in "$key" -pubout 2>/dev/null) &&
    shown=$(openssl x509 -in "$leaf" -noout -pubkey -ext subjectAltName 2>/dev/null) &&
    [[ "$shown"$'\n' == *" $(list_names)"$'\n'* && "$shown" == *"$public"* ]]
}

# install_file NAME MODE [GROUP]  from the folder of work, so that a reader finds the one before or this one
install_file() {
  local target=$ROOT$FOLDER/$1
  install -m "$2" ${3:+-g "$3"} "$WORK/$1" "$target.new"
  mv "$target.new" "$target"
  echo "changed $FOLDER/$1"
}

make_authority() {
  cat >"$WORK/ca.cnf" <<TEXT
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = $AUTHORITY
[extensions]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
TEXT
  openssl req -x509 -sha256 -days "$AUTHORITY_DAYS" -config "$WORK/ca.cnf" -key <(printf '%s' "$AUTHORITY_KEY") -out "$WORK/ca.pem"
  install_file ca.pem 644
}

make_leaf() {
  cat >"$WORK/leaf.cnf" <<TEXT
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = swarmstead
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $(list_names)
TEXT
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$WORK/leaf.key"
  # With a random number, as browsers refuse two certificates of one authority with the same.
  openssl req -x509 -sha256 -days "$LEAF_DAYS" -config "$WORK/leaf.cnf" -key "$WORK/leaf.key" -out "$WORK/leaf.pem" \
    -CA "$ROOT$FOLDER/ca.pem" -CAkey <(printf '%s' "$AUTHORITY_KEY")
  install_file leaf.key 640 "$GROUP"
  install_file leaf.pem 644
}

set_leaf() {
  if [[ -z "$NAMES" ]]; then
    if [[ -e "$ROOT$FOLDER/leaf.pem" ]] && to_mend "$FOLDER/leaf.pem is there without a name to serve"; then
      rm -f "$ROOT$FOLDER"/leaf.{pem,key}
      echo "changed $FOLDER/leaf.pem"
    fi
    return 0
  fi
  is_leaf || ! to_mend "$FOLDER/leaf.pem is not the authority's for $NAMES, or ends within 30 days" || make_leaf
}

# A run may be cut off between the certificate and this.
tell_traefik() {
  local leaf=$ROOT$FOLDER/leaf.pem watched=$ROOT$CONF
  # Of one moment, as the file system counts, they are where the run came to its end.
  [[ -e "$leaf" && -e "$watched" && "$leaf" -nt "$watched" ]] || return 0
  ! to_mend "Traefik has not been told of its certificate" || touch "$watched"
}

main() {
  : "${FOLDER:?}" "${AUTHORITY:?}" "${AUTHORITY_KEY:?}" "${AUTHORITY_PUBLIC:?}" "${NAMES?}" "${GROUP:?}" "${CONF:?}"
  if [[ "$STEP_VERB" == delete ]]; then
    rm -rf "$ROOT$FOLDER"
    return
  fi
  if [[ "$STEP_VERB" != check ]]; then
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    install -d -m 755 "$ROOT$FOLDER"
  fi
  is_authority || ! to_mend "$FOLDER/ca.pem is not of the local authority, or ends within 30 days" || make_authority
  set_leaf
  tell_traefik
}

main "$@" </dev/null
