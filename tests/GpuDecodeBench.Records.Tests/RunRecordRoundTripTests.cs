using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GpuDecodeBench.Records.Tests;

public sealed class RunRecordRoundTripTests
{
    [Fact]
    public void AWrittenRecordReadsBackToTheSameBytes()
    {
        byte[] first = SampleRecords.Bytes();
        RunRecord read = RunRecordStore.Parse(first, "run.json");
        Assert.Equal(first, RunRecordStore.Serialize(read, "run.json"));
    }

    [Fact]
    public void FieldsArriveWithTheirExactValues()
    {
        RunRecord read = RunRecordStore.Parse(SampleRecords.Bytes(), "run.json");
        PointRecord point = read.Points[0];
        Assert.Equal(ulong.MaxValue, read.Seed);
        Assert.Equal(long.MaxValue, point.Flops);
        Assert.Equal(0.1 + 0.2, point.SamplesSeconds[1]);
        Assert.Equal(SampleRecords.Full().StartedUtc, read.StartedUtc);
        Assert.Equal("no matrix kernel", read.Ceilings.FlopsPerSecond.Provenance.Detail);
        Assert.Null(read.Ceilings.FlopsPerSecond.Value);
        Assert.Equal(Provenance.Extrapolated, point.Provenance["tokensPerSecond"].Kind);
        Assert.Equal(new CacheInfo(3, "Unified", 33_554_432, 1), read.Environment.Caches[1]);
    }

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(4915200000000.0005)]
    public void DoublesKeepEveryBit(double value)
    {
        PointRecord point = SampleRecords.Point() with { RecordedTokensPerSecond = value };
        byte[] json = RunRecordStore.Serialize(SampleRecords.Full() with { Points = [point] }, "run.json");
        Assert.Equal(value, RunRecordStore.Parse(json, "run.json").Points[0].RecordedTokensPerSecond);
    }

    [Fact]
    public void UnknownFieldsAtEveryLevelSurvive()
    {
        JsonObject tree = SampleRecords.Tree();
        JsonObject[] objects =
        [
            tree,
            .. JsonWalk
                .Routes(tree)
                .Where(route => !IsFigureTable(route))
                .Select(route => JsonWalk.At(tree, route))
                .OfType<JsonObject>(),
        ];
        foreach (JsonObject holder in objects)
        {
            holder["zzFuture"] = JsonNode.Parse("""{"deep":[1,2.50,1e400,"é \" <",null,{"x":true}]}""");
        }

        byte[] written = RunRecordStore.Serialize(SampleRecords.Parse(tree), "run.json");
        Assert.True(JsonNode.DeepEquals(tree, JsonNode.Parse(written)));
        Assert.True(objects.Length > 40, $"Only {objects.Length} objects were tried.");
        Assert.Equal(written, RunRecordStore.Serialize(RunRecordStore.Parse(written, "run.json"), "run.json"));
        string text = Encoding.UTF8.GetString(written);
        Assert.Equal(objects.Length, text.Split("1e400").Length - 1);
    }

    [Fact]
    public void EveryRecordTypeHasAPlaceForUnknownFields() =>
        Assert.All(RecordTypes.All(), type => Assert.Single(type.Properties, property => property.IsExtensionData));

    [Fact]
    public void OutputIsIndentedWithLineFeedsAndEndsInOne()
    {
        string text = Encoding.UTF8.GetString(SampleRecords.Bytes());
        Assert.StartsWith("{\n  \"schemaVersion\": \"1\",\n  \"tool\": {\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void AnOperationsTimeOfZeroInAnOlderRecordIsReadAsUnknownAndWrittenSo()
    {
        JsonObject tree = SampleRecords.Tree();
        JsonObject old = tree["points"]![0]!["operations"]![0]!.AsObject();
        old.Remove("provenance");
        old["seconds"] = 0;
        RunRecord read = SampleRecords.Parse(tree);
        OperationRecord operation = read.Points[0].Operations[0];
        Assert.Null(operation.Seconds);
        Assert.Equal(Provenance.Unavailable, operation.Provenance!.Kind);
        Assert.Equal("operationTimesUncertain", operation.Provenance.Reason);

        byte[] written = RunRecordStore.Serialize(read, "run.json");
        JsonObject now = JsonNode.Parse(written)!["points"]![0]!["operations"]![0]!.AsObject();
        Assert.False(now.ContainsKey("seconds"));
        Assert.Equal("operationTimesUncertain", now["provenance"]!["reason"]!.GetValue<string>());
        Assert.Equal(
            operation.Provenance,
            RunRecordStore.Parse(written, "run.json").Points[0].Operations[0].Provenance
        );
    }

    [Fact]
    public void WhatIsNotKnownIsLeftOutAndNeverZero()
    {
        PointRecord point = SampleRecords.Point() with { MbuOfSpec = null, HarnessOverheadFraction = null };
        byte[] json = RunRecordStore.Serialize(
            SampleRecords.Full() with
            {
                Points = [point],
                Price = null,
            },
            "run.json"
        );
        JsonNode tree = JsonNode.Parse(json)!;
        Assert.False(tree.AsObject().ContainsKey("price"));
        Assert.False(tree["points"]![0]!.AsObject().ContainsKey("mbuOfSpec"));
        Assert.Null(RunRecordStore.Parse(json, "run.json").Points[0].MbuOfSpec);
    }

    [Fact]
    public void AByteOrderMarkAndNullsForOptionalFieldsAreAccepted()
    {
        JsonObject tree = SampleRecords.Tree();
        tree["price"] = null;
        tree["points"]![0]!["mbuOfSpec"] = null;
        byte[] json = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(tree.ToJsonString())];
        Assert.Null(RunRecordStore.Parse(json, "run.json").Price);
    }

    [Fact]
    public void AFileReadsAsItsBytesDo()
    {
        using var directory = new TemporaryDirectory();
        RunRecordStore.Write(SampleRecords.Full(), directory.File("run.json"));
        byte[] read = RunRecordStore.Serialize(RunRecordStore.Read(directory.File("run.json")), "run.json");
        Assert.Equal(SampleRecords.Bytes(), read);
    }

    /// <summary>The provenance table of a point maps names of figures to notes; it has no fields of its own.</summary>
    private static bool IsFigureTable(object[] route) => route is ["points", _, "provenance"];
}
