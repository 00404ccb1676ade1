using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Physics;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The column that marks rows whose devices are more than one fast link joins, and the lines that say what that means.</summary>
internal static class LinkColumn
{
    /// <summary>Adds the column where a row needs it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="hardware">The devices of a row; null where they are not known.</param>
    public static TableSchema<TRow> Link<TRow>(
        this TableSchema<TRow> table,
        IEnumerable<TRow> rows,
        Func<TRow, HardwareUnits?> hardware
    ) =>
        rows.Any(row => Exceeded(hardware(row)) is not null)
            ? table.Words(
                "Link",
                "link",
                row =>
                    hardware(row) is HardwareUnits units && LinkDomain.Exceeded(units) is int joined
                        ? ResultCell.Of($"BEYOND {joined}", LinkDomain.Warning(units)!)
                        : ResultCell.None
            )
            : table;

    /// <summary>A line for each kind and number of devices that are more than one fast link joins.</summary>
    /// <param name="hardware">The devices of all rows.</param>
    public static IEnumerable<string> Lines(IEnumerable<HardwareUnits> hardware) =>
        hardware.Distinct().Select(LinkDomain.Warning).OfType<string>().Select(warning => $"{warning}.");

    private static int? Exceeded(HardwareUnits? units) => units is null ? null : LinkDomain.Exceeded(units);
}
