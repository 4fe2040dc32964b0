/// All workloads, in the order of the table.
let workloadTable: [any Workload] =
  [
    HelpWorkload(),
    PictureWorkload(),
    DenoiseCommandWorkload(),
    TrainCommandWorkload(),
    NpyWorkload(),
    CSVWorkload(),
    RankKSVDWorkload<Double>(512, 512, rank: 50),
    RankKSVDWorkload<Double>(1024, 1024, rank: 50),
    RankKSVDWorkload<Double>(2048, 2048, rank: 50),
    RankKSVDWorkload<Float>(2048, 2048, rank: 50),
    RankKSVDWorkload<Double>(4096, 1024, rank: 64),
    RankKSVDWorkload<Double>(4096, 4096, rank: 50),
    FullSVDWorkload(size: 512),
    FullSVDWorkload(size: 1024),
    SmallSVDsWorkload(),
    GlobalDenoisingWorkload(size: 512),
    BlockDenoisingWorkload(size: 512),
    ChainPlanningWorkload(count: 4, within: 50e-6),
    ChainPlanningWorkload(count: 100, within: 0.2),
    GradcheckWorkload(task: .smallNetwork),
    GradcheckWorkload(task: .layerNorm),
    GradcheckWorkload(task: .attention),
    GradientWorkload(),
    HessianProductWorkload(),
    TrainingWorkload(optimizer: .momentum),
    TrainingWorkload(optimizer: .adam),
  ]
  + EinsumCase.suite.flatMap { task -> [any Workload] in
    [EinsumWorkload<Float>(task), EinsumWorkload<Double>(task)]
  } + LayerWorkload.all

/// What many workloads shall reach together.
let suiteGoals =
  [EinsumWorkload<Float>.suiteGoal, EinsumWorkload<Double>.suiteGoal] + LayerWorkload.suiteGoals
