using GpuDecodeBench.Economics.Levers;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The ways to run a step that takes more than the memory holds.</summary>
public static class BeyondMemoryTable
{
    /// <summary>The table.</summary>
    /// <param name="conditions">The step's conditions, in one line.</param>
    /// <param name="ways">The ways.</param>
    public static ResultTable From(string conditions, IReadOnlyList<BeyondMemory> ways)
    {
        ArgumentNullException.ThrowIfNull(ways);
        return new TableSchema<BeyondMemory>()
            .Words("Way", "way", way => ResultCell.Of(way.Name, way.Id))
            .Number("Devices", null, "devices", way => ResultCell.Of(way.Devices))
            .Number(
                "Step",
                "ms",
                "stepSeconds",
                way => ResultCell.Of(way.Seconds, seconds => Quantity.Digits(seconds * 1e3))
            )
            .Number(
                "Output",
                "$/Mtok",
                "usdPerMillionTokens",
                way => ResultCell.Of(way.UsdPerMillionTokens, Quantity.Digits)
            )
            .Words("Rests on", "note", way => ResultCell.Of(way.Note), drop: 1)
            .Build(
                $"More than the memory holds: {conditions}",
                ways,
                [
                    "Memory is the usable share of the device's. Steps are the shortest that are possible; nothing of this was executed.",
                ]
            );
    }
}
