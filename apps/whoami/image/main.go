// Command whoami says who answered: the container's name and addresses, and the request as it arrived.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	port := flag.String("port", "80", "TCP port to listen on")
	check := flag.Bool("healthcheck", false, "ask the server on the port whether it is well, and exit with 0 or 1")
	flag.Parse()
	if *check {
		os.Exit(healthcheck(*port))
	}
	if err := serve(*port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func healthcheck(port string) int {
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://127.0.0.1:" + port + "/health")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 1
	}
	return 0
}

// serve answers until SIGTERM or SIGINT, and then ends the requests that it has begun.
func serve(port string) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "well") })
	mux.HandleFunc("/", whoami)
	server := &http.Server{Addr: ":" + port, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		<-stop.Done()
		limit, done := context.WithTimeout(context.Background(), 8*time.Second)
		defer done()
		ended <- server.Shutdown(limit)
	}()
	fmt.Println("listening on port", port)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-ended
}

func whoami(w http.ResponseWriter, r *http.Request) {
	name, _ := os.Hostname()
	fmt.Fprintln(w, "Hostname:", name)
	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok {
			fmt.Fprintln(w, "IP:", network.IP)
		}
	}
	fmt.Fprintln(w, "RemoteAddr:", r.RemoteAddr)
	_ = r.Write(w)
}
