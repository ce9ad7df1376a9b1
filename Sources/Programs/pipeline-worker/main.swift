import PipelineWorker

WorkerProgram.main()
