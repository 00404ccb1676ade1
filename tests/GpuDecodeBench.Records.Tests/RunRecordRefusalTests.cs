using System.Text;
using System.Text.Json.Nodes;

namespace GpuDecodeBench.Records.Tests;

public sealed class RunRecordRefusalTests
{
    [Theory]
    [InlineData("points[1].stepSeconds.median", "-0.001", "-0.001", "above 0")]
    [InlineData("points[0].stepSeconds.median", "0", "is 0", "above 0")]
    [InlineData("points[1].stepSeconds.mean", "-1", "-1", "at least 0")]
    [InlineData("points[0].samplesSeconds[2]", "-1", "-1", "at least 0")]
    [InlineData("points[0].samplesSeconds[2]", "null", "null", "a finite number")]
    [InlineData("points[0].samplesSeconds", "{}", "an object", "a list")]
    [InlineData("points[0].readBytes", "-5", "-5", "at least 0")]
    [InlineData("points[0].readBytes", "1.5", "1.5", "a whole number")]
    [InlineData("points[0].readBytes", "9223372036854775808", "9223372036854775808", "9223372036854775807")]
    [InlineData("points[0].batch", "0", "is 0", "at least 1")]
    [InlineData("points[0].batch", "3000000000", "3000000000", "2147483647")]
    [InlineData("points[0].batch", "\"one\"", "the text \"one\"", "a whole number")]
    [InlineData("points[0].batch", "null", "is null", "a whole number")]
    [InlineData("points[0].tokensPerSecond", "1e999", "1e999", "too large")]
    [InlineData("points[0].tokensPerSecond", "\"NaN\"", "the text \"NaN\"", "a finite number")]
    [InlineData("points[0].valid", "1", "is 1", "true or false")]
    [InlineData("points[0].operations[0].seconds", "-1e-9", "-1e-9", "at least 0")]
    [InlineData("points[0].operations[0].seconds", "null", "is missing", "only an unavailable figure")]
    [InlineData("points[0].operations[0].bound", "\"latency\"", "\"latency\"", "memory or compute")]
    [InlineData("points[0].bound", "\"Memory\"", "\"Memory\"", "memory or compute")]
    [InlineData("points[0].weights", "\"fp7\"", "\"fp7\"", "fp16, bf16, fp8, int8, int4, mxfp4, nvfp4")]
    [InlineData("points[0].weights", "\"FP8\"", "\"FP8\"", "fp16, bf16")]
    [InlineData("points[0].lmHead", "\"\"", "\"\"", "fp16, bf16")]
    [InlineData("points[0].kv", "\"int4\"", "\"int4\"", "fp16, bf16, fp8, int8")]
    [InlineData("points[0].throttleReasons[0]", "3", "is 3", "text")]
    [InlineData("points[0].power.provenance.kind", "\"guessed\"", "\"guessed\"", "measured, derived, predicted")]
    [InlineData("points[0].power.provenance.kind", "0", "is 0", "one of measured")]
    [InlineData("points[0].power.value", "null", "is missing", "only an unavailable figure")]
    [InlineData("points[0].power.value", "-3", "-3", "at least 0")]
    [InlineData("ceilings.flopsPerSecond.value", "1", "must be absent", "unavailable")]
    [InlineData("ceilings.flopsPerSecond.provenance.reason", "\" \"", "must give the code", "unavailable")]
    [InlineData("ceilings.readBytesPerSecond.provenance.reason", "\"x\"", "belongs to unavailable", "only")]
    [InlineData("price.usdPerHour.provenance.source", "null", "must name where", "assumed")]
    [InlineData("price.utilization.value", "1.5", "1.5", "0 to 1")]
    [InlineData("points[0].provenance.tokensPerSecond", "null", "is null", "an object")]
    [InlineData("points[0].provenance.tokensPerSecond.kind", "\"Measured\"", "\"Measured\"", "one of measured")]
    [InlineData("points[1].stepSeconds.ci95Low", "0.5", "0.5", "ci95High")]
    [InlineData("points[1].stepSeconds.ci95Low", "null", "is missing", "two ends or none")]
    [InlineData("points[1].fullStepCi95Low", "0.5", "0.5", "fullStepCi95High")]
    [InlineData("points[1].stepSeconds.p5", "0.0011", "0.0011", "stepSeconds.median")]
    [InlineData("points[1].stepSeconds.p95", "1", "is 1", "stepSeconds.p99")]
    [InlineData("points[1].stepSeconds.count", "4", "is 4", "holds 3 samples")]
    [InlineData("points[1].layersMeasured", "33", "is 33", "layersTotal, 32")]
    [InlineData("points[0].fullStepSeconds", "0", "is 0", "above 0")]
    [InlineData("points[0].invalidReasons[0]", "\"x\"", "must be empty", "valid")]
    [InlineData("points[0].verification.passed", "false", "must be false", "verification.passed")]
    [InlineData("startedUtc", "\"yesterday\"", "\"yesterday\"", "a time in UTC")]
    [InlineData("startedUtc", "\"2026-01-31T12:00:00\"", "2026-01-31T12:00:00", "a time in UTC")]
    [InlineData("startedUtc", "\"2026-01-31T12:00:00+02:00\"", "+02:00", "a time in UTC")]
    [InlineData("seed", "-1", "-1", "at least 0")]
    [InlineData("seed", "18446744073709551616", "18446744073709551616", "18446744073709551615")]
    [InlineData("tool", "\"x\"", "the text \"x\"", "an object")]
    [InlineData("environment.caches[0].sizeBytes", "-1", "-1", "at least 0")]
    [InlineData("schemaVersion", "1", "is 1", "\"1\" is required")]
    [InlineData("schemaVersion", "null", "is null", "\"1\" is required")]
    [InlineData("schemaVersion", "\"one\"", "\"one\"", "\"1\" is required")]
    public void AWrongValueIsNamedWithItsField(string path, string value, string found, string accepted)
    {
        JsonObject tree = SampleRecords.Tree();
        const string marker = "\"@@@\"";
        object[] route = JsonWalk.Route(path);
        if (route[^1] is int index && JsonWalk.At(tree, route[..^1]) is JsonArray list && index == list.Count)
        {
            list.Add("@@@");
        }
        else
        {
            JsonWalk.Replace(tree, route, "@@@");
        }

        string message = Refusal(tree.ToJsonString().Replace(marker, value, StringComparison.Ordinal));
        string named = path.Contains("invalidReasons") ? "points[0].invalidReasons" : path;
        named = path.Contains("verification.passed") ? "points[0].valid" : named;
        Assert.StartsWith($"run.json: {named} ", message, StringComparison.Ordinal);
        Assert.Contains(found, message, StringComparison.Ordinal);
        Assert.Contains(accepted, message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryRequiredFieldIsMissedByName()
    {
        JsonObject sample = SampleRecords.Tree();
        int refused = 0;
        foreach (object[] route in JsonWalk.Routes(sample).Where(route => route[^1] is string))
        {
            JsonNode tree = sample.DeepClone();
            JsonWalk.Remove(tree, route);
            try
            {
                SampleRecords.Parse(tree);
            }
            catch (RecordFormatException exception)
            {
                refused++;
                Assert.Contains((string)route[^1], exception.Message, StringComparison.Ordinal);
                Assert.Matches("is missing|must name|must give", exception.Message);
                AssertOneSentence(exception.Message);
            }
        }

        Assert.True(refused > 150, $"Only {refused} removals were refused.");
    }

    [Fact]
    public void AnInvalidPointNeedsAReason()
    {
        JsonObject tree = SampleRecords.Tree();
        tree["points"]![1]!["invalidReasons"] = new JsonArray();
        Assert.Equal(
            "run.json: points[1].invalidReasons is empty, but the point is not valid.",
            Refusal(tree.ToJsonString())
        );
    }

    [Fact]
    public void AllLayersMeasuredMeansThatTheFullStepIsTheMedian()
    {
        JsonObject tree = SampleRecords.Tree();
        tree["points"]![0]!["layersMeasured"] = 32;
        Assert.StartsWith(
            "run.json: points[0].fullStepSeconds is 0.004, but all layers",
            Refusal(tree.ToJsonString()),
            StringComparison.Ordinal
        );
        tree["points"]![0]!["fullStepSeconds"] = 0.0010;
        Assert.Equal(32, SampleRecords.Parse(tree).Points[0].LayersMeasured);
    }

    [Fact]
    public void AnOperationsTimeThatIsSaidToBeUnavailableMustBeAbsent()
    {
        JsonObject tree = SampleRecords.Tree();
        tree["points"]![0]!["operations"]![0]!["provenance"] = JsonNode.Parse(
            """{"kind":"unavailable","reason":"operationTimesUncertain"}"""
        );
        var exception = Assert.Throws<RecordFormatException>(() => SampleRecords.Parse(tree));
        Assert.Contains("points[0].operations[0].seconds must be absent", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    public void ALiteralThatIsNoNumberIsNamedWithItsField(string literal)
    {
        string json = Encoding.UTF8.GetString(SampleRecords.Bytes());
        string message = Refusal(
            json.Replace("\"mbuOfSpec\": 0.875", $"\"mbuOfSpec\": {literal}", StringComparison.Ordinal)
        );
        Assert.Contains("points[0].mbuOfSpec", message, StringComparison.Ordinal);
        Assert.Contains("NaN and infinities are not numbers in JSON", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("1.1")]
    [InlineData("99999999999999999999999999")]
    public void ANewerVersionIsRefusedAsSuch(string version)
    {
        string message = Refusal($$"""{"schemaVersion":"{{version}}","anything":1}""");
        Assert.Contains("was written by a newer version of the program", message, StringComparison.Ordinal);
        Assert.Contains($"\"{version}\"", message, StringComparison.Ordinal);
        Assert.Contains("reads \"1\"", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("hello", "is not valid JSON at the document (line 1, byte 1)")]
    [InlineData("[1,2]", "is JSON but not a run record: it is not an object")]
    [InlineData("true", "is JSON but not a run record: it is not an object")]
    [InlineData("{}", "is JSON but not a run record")]
    [InlineData("""{"schemaVersion":"1","model_type":"llama"}""", "is JSON but not a run record")]
    [InlineData("""{"model":"llama","layers":3}""", "is JSON but not a run record")]
    [InlineData("""{"points":[]}""", "schemaVersion is missing")]
    [InlineData("""{"schemaVersion":"1","points":[]}""", "tool is missing")]
    [InlineData("""{"schemaVersion":"1","points":[],"points":[]}""", "points is given twice")]
    [InlineData("""{"points":[{"a":{"b":1,"b":2}}]}""", "points[0].a.b is given twice")]
    [InlineData("""{"points":[{"a":1,"\u0061":2}]}""", "points[0].a is given twice")]
    [InlineData("""{"points":[{"batch":1},{"batch":""", "is truncated: it ends inside points[1].batch")]
    [InlineData("""{"points":[{"batch":1}]""", "is truncated")]
    [InlineData("""{"command":"abc""", "is truncated: it ends inside command")]
    [InlineData("""{"points":[1,,2]}""", "is not valid JSON at points")]
    [InlineData("""{"points":[]} {}""", "is not valid JSON")]
    [InlineData("""{"note":"\ud800"}""", "note holds text that is not valid Unicode")]
    [InlineData("""{"\ud800":1}""", "not valid Unicode")]
    public void AnythingElseThanARecordIsToldFromOne(string text, string expected) =>
        Assert.Contains(expected, Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void TextThatIsNotUtf8IsRefused()
    {
        byte[] json = [.. "{\"note\":\""u8, 0xFF, .. "\"}"u8];
        var exception = Assert.Throws<RecordFormatException>(() => RunRecordStore.Parse(json, "run.json"));
        Assert.Equal("run.json is not JSON: it is not UTF-8 text.", exception.Message);
    }

    [Fact]
    public void NestingBeyondTheLimitIsRefused()
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);
        string message = Refusal($$"""{"schemaVersion":"1","future":{{deep}}}""");
        Assert.Contains("nested too deep", message, StringComparison.Ordinal);
        Assert.Contains("64", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileBeyondTheSizeLimitIsRefusedWithoutReadingItAll()
    {
        using var endless = new EndlessStream();
        var exception = Assert.Throws<RecordFormatException>(() => RunRecordStore.Parse(endless, "run.json"));
        Assert.Equal("run.json is larger than 256 MiB, the most that a run record may take.", exception.Message);
        Assert.True(endless.Given < RunRecordStore.MaxFileBytes + (1 << 20));
    }

    [Fact]
    public void AFileThatCannotBeReadIsNamed()
    {
        using var directory = new TemporaryDirectory();
        string missing = directory.File("absent.json");
        Assert.Equal(
            $"Cannot read {missing}: there is no such file.",
            Assert.Throws<RecordFormatException>(() => RunRecordStore.Read(missing)).Message
        );
        string nowhere = directory.File("no/run.json");
        Assert.Equal(
            $"Cannot read {nowhere}: the directory {directory.File("no")} does not exist.",
            Assert.Throws<RecordFormatException>(() => RunRecordStore.Read(nowhere)).Message
        );
        Assert.Contains(
            "it is a directory",
            Assert.Throws<RecordFormatException>(() => RunRecordStore.Read(directory.Path)).Message
        );
        Assert.Throws<RecordFormatException>(() => RunRecordStore.Read("a\0b"));
        Assert.Throws<RecordFormatException>(() => RunRecordStore.Read(""));
    }

    [Fact]
    public void NamesFromTheFileCannotBreakTheMessage()
    {
        string name = new string('x', 1000);
        string message = Refusal($$"""{"points":[],"a\nb{{name}}":1,"a\nb{{name}}":2}""");
        Assert.Contains("[\"a?bxxx", message, StringComparison.Ordinal);
        Assert.True(message.Length < 200);
    }

    private static string Refusal(string json)
    {
        var exception = Assert.Throws<RecordFormatException>(() =>
            RunRecordStore.Parse(Encoding.UTF8.GetBytes(json), "run.json")
        );
        AssertOneSentence(exception.Message);
        return exception.Message;
    }

    private static void AssertOneSentence(string message)
    {
        Assert.StartsWith("run.json", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private sealed class EndlessStream : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Given;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Given += count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
