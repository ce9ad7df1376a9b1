import Exporter

ExporterProgram.main()
