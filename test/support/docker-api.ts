/**
 * Every endpoint of Docker's API, `METHOD… /path`, as its description has them up to version 1.47.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.47/
 */
const ENDPOINTS = `
GET HEAD /_ping
GET /version
GET /info
GET /events
GET /system/df
POST /auth
POST /session
POST /grpc
POST /build
POST /build/prune
POST /build/cancel
POST /commit
GET /containers/json
POST /containers/create
POST /containers/prune
GET /containers/ID/json
GET /containers/ID/top
GET /containers/ID/logs
GET /containers/ID/changes
GET /containers/ID/export
GET /containers/ID/stats
GET /containers/ID/attach/ws
GET HEAD PUT /containers/ID/archive
POST /containers/ID/resize
POST /containers/ID/start
POST /containers/ID/stop
POST /containers/ID/restart
POST /containers/ID/kill
POST /containers/ID/update
POST /containers/ID/rename
POST /containers/ID/pause
POST /containers/ID/unpause
POST /containers/ID/attach
POST /containers/ID/wait
POST /containers/ID/exec
POST /containers/ID/copy
DELETE /containers/ID
POST /exec/ID/start
POST /exec/ID/resize
GET /exec/ID/json
GET /images/json
GET /images/search
GET /images/get
POST /images/create
POST /images/load
POST /images/prune
GET /images/ID/json
GET /images/ID/history
GET /images/ID/get
POST /images/ID/push
POST /images/ID/tag
DELETE /images/ID
GET /distribution/ID/json
GET /volumes
POST /volumes/create
POST /volumes/prune
GET PUT DELETE /volumes/ID
GET /networks
POST /networks/create
POST /networks/prune
GET DELETE /networks/ID
POST /networks/ID/connect
POST /networks/ID/disconnect
GET /plugins
GET /plugins/privileges
POST /plugins/pull
POST /plugins/create
GET /plugins/ID/json
DELETE /plugins/ID
POST /plugins/ID/enable
POST /plugins/ID/disable
POST /plugins/ID/upgrade
POST /plugins/ID/push
POST /plugins/ID/set
GET /nodes
GET DELETE /nodes/ID
POST /nodes/ID/update
GET /swarm
POST /swarm/init
POST /swarm/join
POST /swarm/leave
POST /swarm/update
GET /swarm/unlockkey
POST /swarm/unlock
GET /services
POST /services/create
GET DELETE /services/ID
POST /services/ID/update
GET /services/ID/logs
GET /tasks
GET /tasks/ID
GET /tasks/ID/logs
GET /secrets
POST /secrets/create
GET DELETE /secrets/ID
POST /secrets/ID/update
GET /configs
POST /configs/create
GET DELETE /configs/ID
POST /configs/ID/update
GET /debug/vars
GET /debug/pprof/
GET /debug/pprof/heap
`;

/** A swarm's id, as Docker makes them. */
const ID = "k2bn9qfz6nqyimhl3v0dpu1rt";

/** Every path of Docker's API, with a swarm's id in the place of each name or id. */
export const DOCKER_PATHS: readonly string[] = ENDPOINTS.trim()
  .split("\n")
  .map((line) => line.replace(/^.* /, "").replace("ID", ID));
