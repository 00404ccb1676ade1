using System.Globalization;
using System.Reflection;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// kernels/resources.tsv, which <c>kernels/assemble</c> makes of the program's PTX: what every kernel takes on each architecture.
/// It is a prediction of what a driver says, whose own assembler may be another.
/// </summary>
internal static class KernelResourceTable
{
    private const string ResourceName = "kernels/resources.tsv";

    // Columns of the table.
    private const int Architecture = 0;
    private const int Module = 1;
    private const int Kernel = 2;
    private const int Registers = 3;
    private const int StackBytes = 4;
    private const int SharedBytes = 7;
    private const int ColumnCount = 11;

    private static readonly Lazy<Dictionary<(int Architecture, string Kernel), KernelResources>> s_resources = new(() =>
        Lines().ToDictionary(line => (line.Architecture, line.Kernel), line => line.Resources)
    );

    /// <summary>What a kernel takes; null where it is none of the program's.</summary>
    /// <param name="target">The compute capability that its PTX is for: 80 for 8.0; on a newer GPU it may come out otherwise.</param>
    /// <param name="kernel">The kernel's name, which no other module has.</param>
    public static KernelResources? Find(int target, string kernel) =>
        s_resources.Value.TryGetValue((target, kernel), out KernelResources found) ? found : null;

    /// <summary>The kernels that a device of a compute capability may run: its own and those of older ones.</summary>
    public static IReadOnlyList<string> NamesFor(int architecture) =>
        [
            .. s_resources
                .Value.Keys.Where(key => key.Architecture <= architecture)
                .Select(key => key.Kernel)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The table's lines in order.</summary>
    /// <exception cref="InvalidDataException">A line is not of the table's columns.</exception>
    internal static IEnumerable<(int Architecture, string Module, string Kernel, KernelResources Resources)> Lines()
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException("This build does not have the table of its kernels.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is string line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string[] parts = line.Split('\t');
            if (parts.Length != ColumnCount)
            {
                throw new InvalidDataException($"{ResourceName} has a line of {parts.Length} columns: {line}");
            }

            yield return (
                Number(parts[Architecture]["sm_".Length..]),
                parts[Module],
                parts[Kernel],
                new KernelResources(Number(parts[Registers]), Number(parts[StackBytes]), Number(parts[SharedBytes]))
            );
        }
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
