/** A compose file of the app "shop" with every key that a swarm heeds. */
export const ALL_KEYS = `x-base: &base
  image: registry.example.com:5000/team/app:1.2
  logging: { driver: json-file, options: { max-size: 10m, max-file: 3 } }
services:
  web:
    <<: *base
    command: [a, b]
    entrypoint: /bin/sh
    environment: { A: x, B: 1, C: , D: "\${X:-1}", E: a$$b }
    ports: ["8080:80", "53:53/udp", "9000-9001:9000-9001", 80, "81", { target: 5, published: 5, protocol: udp, mode: host }]
    volumes:
      - /var/data/shop/x:/x:ro
      - named:/y
      - /anonymous
      - { type: bind, source: /var/data/config/shop, target: /z, read_only: true, bind: { propagation: rslave } }
      - { type: volume, source: named, target: /v, volume: { nocopy: true } }
      - { type: tmpfs, target: /t, tmpfs: { size: 100 } }
    networks: { default: , own: { aliases: [a] } }
    secrets: [token, { source: token, target: t, uid: "0", gid: "0", mode: 0440 }]
    configs: [conf]
    healthcheck: { test: curl, interval: 1m30s, timeout: 1.5s, start_period: 1s, start_interval: 1s, retries: 3 }
    deploy:
      mode: replicated
      replicas: 0
      endpoint_mode: dnsrr
      labels: [a=b]
      update_config: { parallelism: 1, delay: 1s, failure_action: rollback, monitor: 1s, max_failure_ratio: 0.1, order: start-first }
      rollback_config: { order: stop-first }
      restart_policy: { condition: any, delay: 5s, max_attempts: 3, window: 1m }
      placement: { constraints: [node.role==manager], preferences: [{ spread: node.labels.x }], max_replicas_per_node: 1 }
      resources: { limits: { cpus: "0.5", memory: 64M, pids: 5 }, reservations: { cpus: ".5", memory: 1gb } }
    depends_on: [db]
    labels: { a: b }
    user: "0"
    working_dir: /x
    hostname: x
    init: true
    read_only: true
    stdin_open: true
    tty: true
    stop_grace_period: 1m
    stop_signal: SIGTERM
    tmpfs: /x
    sysctls: { net.core.somaxconn: 1024 }
    ulimits: { nofile: 5, nproc: { soft: 1, hard: 2 } }
    cap_add: [NET_ADMIN]
    cap_drop: [ALL]
    dns: 1.1.1.1
    dns_search: [a.b]
    extra_hosts: ["a:1.1.1.1"]
    expose: [80, "81"]
    x-y: 1
  db:
    image: a/b/c@sha256:${"a".repeat(64)}
networks:
  own: { external: true, name: shop-own }
  other:
  third: { driver: overlay, internal: true, attachable: true, driver_opts: { a: 1 }, ipam: { config: [{ subnet: 10.5.0.0/24 }] }, labels: [a=b], x-z: 1 }
volumes:
  named:
  nfs: { driver: local, driver_opts: { type: nfs, o: "addr=1.1.1.1", device: ":/x" } }
secrets: { token: { external: true, x-generate-length: 40, x-more: 1 } }
configs: { conf: { external: true } }
x-folders: { /var/data/shop/x: { owner: "33:33", mode: "2750" } }
`;
