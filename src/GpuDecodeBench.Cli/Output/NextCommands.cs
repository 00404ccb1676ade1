using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Output;

/// <summary>The two commands worth running after a run.</summary>
internal static class NextCommands
{
    /// <summary>Names them: first what casts doubt on the figures, else where the time goes; then what it costs, if anything can be priced.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="record">The run.</param>
    /// <param name="path">Its file.</param>
    public static void Write(TextWriter output, RunRecord record, string path)
    {
        (string Command, string Why)[] next =
        [
            First(record, path),
            record.Points.Any(PointQuality.IsSound)
                ? ($"cost --from {path} --explain", "what a million tokens cost, line by line")
                : ($"roofline --from {path}", "what was seen all the same; nothing of it can be priced"),
        ];
        output.WriteLine("Next:");
        foreach ((string command, string why) in next)
        {
            output.WriteLine($"  gpu-decode-bench {command}");
            output.WriteLine($"      {why}");
        }
    }

    private static (string, string) First(RunRecord record, string path) =>
        record.Points.Any(point => !point.Valid || point.ThrottleReasons.Count > 0)
            ? ($"doctor --device {record.Device.Id}", "what is wrong with the device")
            : ($"roofline --from {path}", "where the step's time goes, and how far from the limit");
}
