using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Benchmarks.Cold;

/// <summary>
/// Our kernels beside a peer's. In the gathered file each line of a peer follows the line of ours that was measured in the same
/// minutes; a pair may be there several times, and its turns then count together.
/// </summary>
internal static class PeerTable
{
    private static readonly string[] s_heads =
    [
        "work",
        "batch",
        "ours",
        "MB",
        "us",
        "GB/s",
        "share",
        "peer",
        "MB",
        "us",
        "GB/s",
        "share",
        "time peer/ours",
        "at one ceiling",
    ];

    public static void Print(string path, TextWriter writer)
    {
        var rows = new List<string[]> { s_heads };
        rows.AddRange(
            Read(path)
                .GroupBy(pair => (Key(pair.Ours), Key(pair.Peer)))
                .Select(group => new Side(group.Select(pair => pair.Ours), group.Select(pair => pair.Peer)))
                // Of a type's layouts the faster one stands for the peer.
                .GroupBy(side => (Key(side.Ours), side.Peer.Type))
                .Select(layouts => layouts.MinBy(side => side.TimeRatio)!.Cells())
        );
        int[] widths = [.. s_heads.Select((_, column) => rows.Max(row => row[column].Length))];
        for (int i = 0; i < rows.Count; i++)
        {
            writer.WriteLine(
                $"| {string.Join(" | ", rows[i].Select((cell, column) => cell.PadLeft(widths[column])))} |"
            );
            if (i == 0)
            {
                writer.WriteLine($"|{string.Join("|", widths.Select(width => new string('-', width + 1) + ":"))}|");
            }
        }
    }

    private static IEnumerable<(ColdResult Ours, ColdResult Peer)> Read(string path)
    {
        ColdResult? ours = null;
        foreach (string line in File.ReadLines(path))
        {
            ColdResult result = ColdResult.FromJson(line);
            if (result.Program == ColdResult.OwnName)
            {
                ours = result;
            }
            else if (ours is not null && Work(ours) == Work(result))
            {
                yield return (ours, result);
            }
        }
    }

    private static (string, string, string, string) Key(ColdResult result) =>
        (result.Program, Work(result), result.Type, result.Layout);

    private static string Work(ColdResult result) =>
        result.Kind == "attention"
            ? $"attention {result.Context} tokens × {result.Batch}"
            : $"{result.K} × {result.N} × {result.Batch}";

    /// <summary>All turns of one pair.</summary>
    private sealed class Side(IEnumerable<ColdResult> ours, IEnumerable<ColdResult> peer)
    {
        private readonly ColdResult[] _ours = [.. ours];
        private readonly ColdResult[] _peer = [.. peer];

        public ColdResult Ours => _ours[0];

        public ColdResult Peer => _peer[0];

        public double TimeRatio => Seconds(_peer) / Seconds(_ours);

        public string[] Cells() =>
            [
                Ours.Kind == "attention" ? $"attention, {Ours.Context} tokens" : $"K {Ours.K}, N {Ours.N}",
                $"{Ours.Batch}",
                Ours.Type,
                .. Figures(_ours),
                Peer.Layout == "plain" ? Peer.Type : $"{Peer.Type} {Peer.Layout}",
                .. Figures(_peer),
                $"{TimeRatio:0.00}",
                $"{CeilingSeconds(_peer) / CeilingSeconds(_ours):0.00}",
            ];

        private static string[] Figures(ColdResult[] results) =>
            [
                $"{results[0].Bytes / 1e6:0.0}",
                $"{Seconds(results) * 1e6:0}",
                $"{results[0].Bytes / Seconds(results) / 1e9:0.0}",
                $"{Share(results) * 100:0} %",
            ];

        private static double Seconds(ColdResult[] results) =>
            OrderStatistics.MedianOf(results.SelectMany(result => result.TurnSeconds));

        private static double Share(ColdResult[] results) =>
            OrderStatistics.MedianOf(
                results.SelectMany(result =>
                    result.TurnSeconds.Zip(result.TurnCeilings, (seconds, ceiling) => result.Bytes / seconds / ceiling)
                )
            );

        /// <summary>Time in units of what a ceiling of one byte a second would take: it does not move with the machine's memory.</summary>
        private static double CeilingSeconds(ColdResult[] results) => results[0].Bytes / Share(results);
    }
}
