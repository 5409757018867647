extension TrainingArchitecture {
    func makeObjective(_ core: TrainingCore) -> TrainingObjective {
        switch self {
        case .standard: ReLUObjective(core)
        case .gated: GatedObjective(core)
        case .jumprelu: JumpReLUObjective(core)
        case .topk, .orthogonal: TopKObjective(core)
        case .batchtopk: BatchTopKObjective(core)
        case .abstopk: AbsTopKObjective(core)
        case .matryoshka: MatryoshkaObjective(core)
        case .hierarchical: HierarchicalTopKObjective(core)
        case .kron: KronObjective(core)
        }
    }
}
