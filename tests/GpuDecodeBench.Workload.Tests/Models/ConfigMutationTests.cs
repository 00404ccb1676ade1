using System.Text;
using System.Text.Json.Nodes;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using Xunit.Abstractions;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>Published configurations, spoiled at random: each is either read or refused, never anything else.</summary>
public class ConfigMutationTests(ITestOutputHelper output)
{
    private const int Seed = 20_250_917;
    private const int MutationsPerConfig = 1500;

    private static readonly string[] s_values =
    [
        "null",
        "true",
        "\"\"",
        "\"\\ud800\"",
        "\"llama3\"",
        "\"mistral\"",
        "[]",
        "{}",
        "[[[[[[]]]]]]",
        "0",
        "-1",
        "1",
        "2",
        "7",
        "0.5",
        "1e-320",
        "1e999",
        "-1e999",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890",
    ];

    public static TheoryData<string> Names => [.. TestConfigs.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void AMutatedConfigIsReadOrRefused(string name)
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        byte[] original = TestConfigs.Bytes(name);
        int read = 0;
        for (int i = 0; i < MutationsPerConfig; i++)
        {
            byte[] mutated = Mutate(original, random);
            try
            {
                ModelShape shape = HuggingFaceConfigReader.Read(mutated, TestConfigs.File);
                Assert.InRange(ModelParameters.Count(shape), 1, ConfigLimits.MaxParameters);
                Assert.True(ModelParameters.KvBytesPerToken(shape, KvFormat.Int8) > 0);
                var attention = (GroupedQueryAttention)shape.Layers[0].Attention;
                Assert.All(
                    attention.Rope.InverseFrequencies(attention.HeadDimension),
                    f => Assert.True(double.IsFinite(f))
                );
                read++;
            }
            catch (InputException e)
            {
                TestConfigs.AssertSentence(e.Message);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"Seed {Seed}, mutation {i}: {Encoding.UTF8.GetString(mutated)}",
                    e
                );
            }
        }

        output.WriteLine($"{read} of {MutationsPerConfig} read, the others refused");
        Assert.InRange(read, 1, MutationsPerConfig - 1);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        switch (random.Next(5))
        {
            case 0:
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            case 2:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 3:
                return ReplaceValue(original, random);
            default:
                return DeleteKey(original, random);
        }
    }

    private static byte[] ReplaceValue(byte[] original, Random random)
    {
        (JsonObject config, string key) = Pick(original, random);
        string marker = Guid.NewGuid().ToString();
        config[key] = marker;
        string text = config.Root.ToJsonString();
        return Encoding.UTF8.GetBytes(
            text.Replace($"\"{marker}\"", s_values[random.Next(s_values.Length)], StringComparison.Ordinal)
        );
    }

    private static byte[] DeleteKey(byte[] original, Random random)
    {
        (JsonObject config, string key) = Pick(original, random);
        JsonNode root = config.Root;
        config.Remove(key);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>A key at the top or, one time in four, inside an object there.</summary>
    private static (JsonObject Config, string Key) Pick(byte[] original, Random random)
    {
        JsonObject config = JsonNode.Parse(original)!.AsObject();
        JsonObject[] inner = [.. config.Select(pair => pair.Value).OfType<JsonObject>()];
        JsonObject picked = inner.Length > 0 && random.Next(4) == 0 ? inner[random.Next(inner.Length)] : config;
        return (picked, picked.ElementAt(random.Next(picked.Count)).Key);
    }
}
