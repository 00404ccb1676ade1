using System.Globalization;

namespace GpuDecodeBench.Benchmarks.Cold;

/// <summary>
/// <c>cold</c>: this project's kernels on the shapes on which benchmarks/peers measures others, by the same protocol.
/// </summary>
internal static class ColdCommand
{
    private const string Usage = """
        usage: cold [--json FILE] [--formats fp16,int4,…] [--turns N] [--threads N]   measure, and print a table
               cold --serve [--threads N]                                            measure what the input names
               cold --compare FILE                                                   print what compare.sh gathered
        """;

    private const int DefaultTurns = 11;
    private const string AllFormats = "fp16,bf16,fp8,int8,int4,mxfp4,nvfp4";

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        bool serve = false;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--serve")
            {
                serve = true;
            }
            else if (
                args[i] is "--json" or "--formats" or "--turns" or "--threads" or "--compare"
                && i + 1 < args.Length
            )
            {
                options[args[i]] = args[++i];
            }
            else
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
        }

        if (options.TryGetValue("--compare", out string? gathered))
        {
            PeerTable.Print(gathered, Console.Out);
            return 0;
        }

        using var bench = new ColdBench(Number(options, "--threads", Environment.ProcessorCount));
        Console.Error.WriteLine(bench.Ceilings);
        return serve ? Serve(bench) : RunAll(bench, options);
    }

    private static int RunAll(ColdBench bench, Dictionary<string, string> options)
    {
        int turns = Number(options, "--turns", DefaultTurns);
        string[] formats = options.GetValueOrDefault("--formats", AllFormats).Split(',');
        using StreamWriter? json = options.TryGetValue("--json", out string? path) ? new StreamWriter(path) : null;
        Console.WriteLine(
            $"{"kind", -10}{"format", -7}{"K x N / tokens", 16}{"batch", 7}{"time us", 12}{"GB/s", 9}{"share", 8}{"GFLOP/s", 10}{"of FMA", 8}{"ceiling", 9}"
        );
        foreach (ColdItem item in ColdItem.All(formats))
        {
            ColdResult result = bench.Measure(item, turns);
            string shape = item.Weights is null ? $"{item.Context}" : $"{item.K} x {item.N}";
            Console.WriteLine(
                $"{item.Kind, -10}{item.Type, -7}{shape, 16}{item.Batch, 7}{result.Seconds * 1e6, 12:0.0}{result.BytesPerSecond / 1e9, 9:0.0}{result.ShareOfCeiling * 100, 7:0.0}%{result.FlopsPerSecond / 1e9, 10:0.0}{result.ShareOfFmaPeak * 100, 7:0.0}%{result.CeilingBytesPerSecond / 1e9, 9:0.0}"
            );
            json?.WriteLine(result.ToJson());
            json?.Flush();
        }

        return 0;
    }

    /// <summary>Says {} when ready. Then each line of the input names an item and its turns; each answer is one line of JSON.</summary>
    private static int Serve(ColdBench bench)
    {
        Console.Out.WriteLine("{}");
        Console.Out.Flush();
        while (Console.In.ReadLine() is string line)
        {
            (ColdItem item, int turns) = ColdItem.Parse(line);
            Console.Out.WriteLine(bench.Measure(item, turns).ToJson());
            Console.Out.Flush();
        }

        return 0;
    }

    private static int Number(Dictionary<string, string> options, string name, int otherwise) =>
        options.TryGetValue(name, out string? text)
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;
}
