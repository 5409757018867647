import Synchronization
import TopsailCatalog

/// The pagers of the lists that were looked at last, so that going on in one, or back to one, starts from where it was.
final class RecentPagers: Sendable {
    private struct List: Hashable {
        let filter: NeuronFilter
        let sort: NeuronSort
    }

    private static let kept = 8
    /// The latest last.
    private let pagers = Mutex<[(list: List, pager: NeuronPager)]>([])

    func pager(of catalog: Catalog, matching filter: NeuronFilter, sort: NeuronSort) -> NeuronPager {
        let list = List(filter: filter, sort: sort)
        return pagers.withLock { pagers in
            let known = pagers.firstIndex { $0.list == list }.map { pagers.remove(at: $0).pager }
            let pager = known ?? NeuronPager(catalog, matching: filter, sort: sort)
            pagers.append((list, pager))
            if pagers.count > Self.kept { pagers.removeFirst() }
            return pager
        }
    }
}
