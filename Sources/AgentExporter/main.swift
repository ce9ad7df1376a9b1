import Exporter

Program.main()
