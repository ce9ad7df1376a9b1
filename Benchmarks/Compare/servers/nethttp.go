// The same bytes from Go's net/http, ready in memory: what an exporter costs that has nothing left to do.
// usage: nethttp PORT PLAIN-FILE GZIP-FILE
package main

import (
	"log"
	"net/http"
	"os"
	"strconv"
)

func serve(path, file, encoding string) {
	body, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc(path, func(answer http.ResponseWriter, _ *http.Request) {
		header := answer.Header()
		header.Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		header.Set("Content-Length", strconv.Itoa(len(body)))
		if encoding != "" {
			header.Set("Content-Encoding", encoding)
		}
		answer.Write(body)
	})
}

func main() {
	serve("/plain", os.Args[2], "")
	serve("/gzip", os.Args[3], "gzip")
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
