#if Server
import Foundation

/// What the process uses, by the names that Prometheus's own libraries have for it.
enum ProcessMetrics {
    static var text: String {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        return gauge("process_cpu_seconds_total", "counter", "\(seconds)")
            + (residentBytes.map { gauge("process_resident_memory_bytes", "gauge", "\($0)") } ?? "")
    }

    private static var residentBytes: Int? {
        // The second field of statm: resident pages.
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func gauge(_ name: String, _ type: String, _ value: String) -> String {
        "# HELP \(name) \(PrometheusMetrics.help[name] ?? "")\n# TYPE \(name) \(type)\n"
            + "\(name) \(value)\n"
    }
}
#endif
