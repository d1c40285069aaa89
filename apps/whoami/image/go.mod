module swarmstead/whoami

go 1.22
