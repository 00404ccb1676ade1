using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>A factor that separates two units which are easily taken for each other.</summary>
/// <param name="Value">The factor: what a value must be multiplied by to become the one claimed.</param>
/// <param name="Name">What the factor is, in words.</param>
public sealed record UnitFactor(double Value, string Name)
{
    private static readonly string[] s_dataPrefixes = ["k", "M", "G", "T"];

    /// <summary>The factors that a figure of some unit may be off by. Each applies to units of its own kind alone.</summary>
    /// <param name="unit">The claim's unit.</param>
    internal static IEnumerable<UnitFactor> For(Unit unit)
    {
        foreach (double power in (double[])[1e3, 1e6, 1e9, 1e12])
        {
            foreach (UnitFactor factor in BothWays(power, $"10^{Math.Log10(power):0}, one prefix for another"))
            {
                yield return factor;
            }
        }

        foreach (UnitFactor factor in BothWays(100, "100, a fraction for a percentage"))
        {
            yield return factor;
        }

        if (unit.Dimension.Bytes != 0)
        {
            foreach (UnitFactor factor in BothWays(8, "8, bits for bytes"))
            {
                yield return factor;
            }
        }

        if (unit.Dimension.Seconds != 0 || unit.Dimension.Joules != 0)
        {
            IEnumerable<UnitFactor> hours = BothWays(3600, "3600, seconds for hours")
                .Concat(BothWays(60, "60, minutes for hours or seconds"))
                .Concat(BothWays(24, "24, hours for days"))
                .Concat(BothWays(365, "365, days for years"));
            foreach (UnitFactor factor in hours)
            {
                yield return factor;
            }
        }

        if (Binary(unit) is UnitFactor binary)
        {
            yield return binary;
        }
    }

    private static IEnumerable<UnitFactor> BothWays(double value, string name) =>
        [new UnitFactor(value, name), new UnitFactor(1 / value, name)];

    /// <summary>What a binary prefix that is written as a decimal one makes of a figure: 5 GiB written as 5 GB.</summary>
    private static UnitFactor? Binary(Unit unit)
    {
        foreach (string prefix in s_dataPrefixes)
        {
            string binary = prefix == "k" ? "KiB" : $"{prefix}iB";
            string[] parts = unit.Text.Split('/');
            if (parts[0] == $"{prefix}B")
            {
                Unit meant = Unit.Parse(string.Join('/', parts.Skip(1).Prepend(binary)));
                return new UnitFactor(
                    unit.Scale / meant.Scale,
                    $"{meant.Scale / unit.Scale:0.###}, {binary} for {parts[0]}"
                );
            }
        }

        return null;
    }
}
