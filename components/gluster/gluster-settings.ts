/** An option of the volume: its name, its value. */
type Setting = readonly [name: string, value: string];

/** Every option of the volume that differs from GlusterFS's default, or must not, each with its reason. */
export function glusterSettings(addresses: readonly string[]): Setting[] {
  return [
    // Writes go to two bricks at least, so that no two machines write apart from each other
    // (https://docs.gluster.org/en/latest/Administrator-Guide/arbiter-volumes-and-quorum/). The default of three copies.
    ["cluster.quorum-type", "auto"],
    // A machine that sees no other serves nothing, and has no setting changed on it that the others would not know.
    ["cluster.server-quorum-type", "server"],
    // A client waits that long, and at most twice that long, for a brick without power; 42 by default. Shorter is no
    // use: two bricks that are silent at once, on a computer that is too busy, are an error to who writes.
    ["network.ping-timeout", "10"],
    // A brick keeps the locks of a client without power that long; twice as long by default. As upstream sets them for
    // machines that are both (group virt, gluster/glusterfs#1217).
    ["server.tcp-user-timeout", "20"],
    ["server.keepalive-time", "10"],
    ["server.keepalive-interval", "2"],
    ["server.keepalive-count", "5"],
    // A write is answered once the bricks have it. Else it is in the client's memory, with nothing for other machines to
    // read and its error told at the next call; upstream turns all three off for databases (group db-workload).
    ["performance.write-behind", "off"],
    // Contents and sizes come from the bricks: else of a second ago, while another machine has changed them.
    ["performance.quick-read", "off"],
    ["performance.stat-prefetch", "off"],
    // The machines' addresses, as the firewall has them.
    ["auth.allow", addresses.join(",")],
  ];
}
