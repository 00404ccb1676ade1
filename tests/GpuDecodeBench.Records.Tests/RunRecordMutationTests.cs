using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace GpuDecodeBench.Records.Tests;

/// <summary>
/// Whatever the bytes are, more than 15,000 times: a record, or a <see cref="RecordFormatException"/> of one sentence, and no memory
/// to speak of.
/// </summary>
public sealed class RunRecordMutationTests(ITestOutputHelper output)
{
    private const int Seed = 20260131;
    private const int Rounds = 2500;
    private const long MaxBytesToRead = 16 << 20;

    private static readonly string[] s_values =
    [
        "null",
        "true",
        "0",
        "-1",
        "-0",
        "1e999",
        "-1e999",
        "1e-400",
        "123456789012345678901234567890",
        "0.5",
        "\"\"",
        "\"NaN\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "[]",
        "{}",
        "[[[[[[]]]]]]",
        "NaN",
        "01",
        "1.",
        "+1",
        "'x'",
        "/*c*/1",
        "\u00e9",
    ];

    [Fact]
    public void FlippedBytesNeverEscape() =>
        Run(
            (random, json) =>
            {
                for (int flips = random.Next(1, 5); flips > 0; flips--)
                {
                    json[random.Next(json.Length)] ^= (byte)(1 << random.Next(8));
                }

                return json;
            }
        );

    [Fact]
    public void TruncationsNeverEscapeAndAreNeverAccepted()
    {
        int accepted = Run((random, json) => json[..random.Next(json.Length - 1)]);
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void CutsAndRepeatsOfBytesNeverEscape() =>
        Run(
            (random, json) =>
            {
                int start = random.Next(json.Length);
                int length = random.Next(Math.Min(200, json.Length - start));
                byte[] piece =
                    random.Next(2) == 0 ? [] : [.. json[start..(start + length)], .. json[start..(start + length)]];
                return [.. json[..start], .. piece, .. json[(start + length)..]];
            }
        );

    [Fact]
    public void RandomBytesNeverEscapeAndAreNeverAccepted()
    {
        int accepted = Run(
            (random, _) =>
            {
                byte[] bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                return bytes;
            }
        );
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void ReplacedValuesNeverEscape() =>
        Run(
            (random, json) =>
            {
                JsonNode tree = JsonNode.Parse(json)!;
                object[][] routes = [.. JsonWalk.Routes(tree)];
                JsonWalk.Replace(tree, routes[random.Next(routes.Length)], "@@@");
                string value = s_values[random.Next(s_values.Length)];
                return Encoding.UTF8.GetBytes(tree.ToJsonString().Replace("\"@@@\"", value, StringComparison.Ordinal));
            }
        );

    [Fact]
    public void RemovedFieldsNeverEscape() =>
        Run(
            (random, json) =>
            {
                JsonNode tree = JsonNode.Parse(json)!;
                object[][] routes = [.. JsonWalk.Routes(tree)];
                JsonWalk.Remove(tree, routes[random.Next(routes.Length)]);
                return Encoding.UTF8.GetBytes(tree.ToJsonString());
            }
        );

    [Fact]
    public void DeepNestingNeverEscapes() =>
        Run(
            (random, json) =>
            {
                JsonNode tree = JsonNode.Parse(json)!;
                object[][] routes = [.. JsonWalk.Routes(tree)];
                JsonWalk.Replace(tree, routes[random.Next(routes.Length)], "@@@");
                int depth = random.Next(1, 3000);
                string open = random.Next(2) == 0 ? "[" : "{\"a\":";
                string close = open == "[" ? "]" : "}";
                string deep =
                    string.Concat(Enumerable.Repeat(open, depth))
                    + "1"
                    + string.Concat(Enumerable.Repeat(close, depth));
                return Encoding.UTF8.GetBytes(tree.ToJsonString().Replace("\"@@@\"", deep, StringComparison.Ordinal));
            },
            Rounds / 10
        );

    /// <summary>Mutates a valid record and reads the result; what is accepted must be writable again.</summary>
    private int Run(Func<Random, byte[], byte[]> mutate, int rounds = Rounds)
    {
        output.WriteLine($"seed {Seed}, {rounds} rounds");
        var random = new Random(Seed);
        byte[] valid = SampleRecords.Bytes();
        int accepted = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] json = mutate(random, [.. valid]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                RunRecord record = RunRecordStore.Parse(json, "run.json");
                accepted++;
                _ = RunRecordStore.Serialize(record, "run.json");
            }
            catch (RecordFormatException exception)
            {
                bool sentence =
                    exception.Message.StartsWith("run.json", StringComparison.Ordinal)
                    && exception.Message.EndsWith('.')
                    && !exception.Message.Any(char.IsControl);
                Assert.True(sentence, $"Round {round} of seed {Seed}: {exception.Message}");
            }
            catch (Exception exception)
            {
                Assert.Fail($"Round {round} of seed {Seed}: {exception}");
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytesToRead);
        }

        output.WriteLine($"{accepted} accepted");
        return accepted;
    }
}
