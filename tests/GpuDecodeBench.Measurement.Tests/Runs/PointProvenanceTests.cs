using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>Every figure of a point says where it came from, and one that is missing says why.</summary>
public sealed class PointProvenanceTests
{
    /// <summary>What was asked for, what says itself where it comes from, and what judges the figures.</summary>
    private static readonly HashSet<string> s_others =
    [
        nameof(PointRecord.Weights),
        nameof(PointRecord.LmHead),
        nameof(PointRecord.Kv),
        nameof(PointRecord.KvBlockTokens),
        nameof(PointRecord.Activations),
        nameof(PointRecord.Batch),
        nameof(PointRecord.Context),
        nameof(PointRecord.TensorParallel),
        nameof(PointRecord.LayersMeasured),
        nameof(PointRecord.LayersTotal),
        nameof(PointRecord.Power),
        nameof(PointRecord.EnergyJoulesPerToken),
        nameof(PointRecord.Telemetry),
        nameof(PointRecord.ProcessorTime),
        nameof(PointRecord.Verification),
        nameof(PointRecord.Interleaved),
        nameof(PointRecord.Valid),
        nameof(PointRecord.InvalidReasons),
        nameof(PointRecord.RecordedWarnings),
        nameof(PointRecord.Provenance),
        nameof(PointRecord.UnknownFields),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryFigureOfAPointSaysWhereItCameFrom(bool hasCeiling)
    {
        using var device = new ScriptedDevice { CeilingOfPass = _ => hasCeiling ? 1e9 : null };
        PointRecord point = Assert.Single(
            RunRequests.Run(device, RunRequests.Create(RunRequests.Point())).Record.Points
        );
        Assert.Equal(hasCeiling, point.RooflineSeconds is not null);
        foreach (
            PropertyInfo property in typeof(PointRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        )
        {
            if (s_others.Contains(property.Name))
            {
                continue;
            }

            string name =
                property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                ?? char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            Assert.True(point.Provenance.TryGetValue(name, out ProvenanceNote? note), $"{name} has no provenance");
            Assert.True(
                property.GetValue(point) is not null || note.Kind == Provenance.Unavailable,
                $"{name} is missing and called {note.Kind}"
            );
            Assert.True(
                property.GetValue(point) is null or ICollection { Count: 0 } || note.Kind != Provenance.Unavailable,
                $"{name} is there and called unavailable"
            );
        }
    }
}
