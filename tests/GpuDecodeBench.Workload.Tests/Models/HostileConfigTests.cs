using System.Diagnostics;
using System.Text;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>Everything that can be wrong with a config.json's text is refused with one sentence that helps.</summary>
public class HostileConfigTests
{
    [Theory]
    [InlineData("model_type")]
    [InlineData("num_hidden_layers")]
    [InlineData("hidden_size")]
    [InlineData("num_attention_heads")]
    [InlineData("intermediate_size")]
    [InlineData("vocab_size")]
    [InlineData("max_position_embeddings")]
    [InlineData("rms_norm_eps")]
    public void AMissingKeyIsNamedAndSoIsANull(string key)
    {
        foreach (string? json in (string?[])[null, "null"])
        {
            string message = TestConfigs.RefusalWith((key, json));
            Assert.Contains($"{key} is missing; it must be", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("num_hidden_layers", "2000000000", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "1025", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "0", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "-4", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "\"4\"", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "4.5", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "[4]", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "true", "a whole number from 1 to 1024")]
    [InlineData("num_hidden_layers", "99999999999999999999999", "a whole number from 1 to 1024")]
    [InlineData("hidden_size", "1e999", "a whole number from 1 to 131072")]
    [InlineData("hidden_size", "131073", "a whole number from 1 to 131072")]
    [InlineData("num_attention_heads", "1025", "a whole number from 1 to 1024")]
    [InlineData("num_key_value_heads", "0", "a whole number from 1 to 1024")]
    [InlineData("intermediate_size", "1048577", "a whole number from 1 to 1048576")]
    [InlineData("vocab_size", "4194305", "a whole number from 1 to 4194304")]
    [InlineData("max_position_embeddings", "67108865", "a whole number from 1 to 67108864")]
    [InlineData("head_dim", "1026", "a whole number from 1 to 1024")]
    [InlineData("head_dim", "33", "an even number")]
    [InlineData("rms_norm_eps", "1e999", "a number from 1E-12 to 0.1")]
    [InlineData("rms_norm_eps", "0", "a number from 1E-12 to 0.1")]
    [InlineData("rms_norm_eps", "-1e-5", "a number from 1E-12 to 0.1")]
    [InlineData("rms_norm_eps", "\"1e-5\"", "a number from 1E-12 to 0.1")]
    [InlineData("rope_theta", "0.5", "a number from 1 to 1000000000000000")]
    [InlineData("rope_theta", "1e999", "a number from 1 to 1000000000000000")]
    [InlineData("tie_word_embeddings", "1", "true or false")]
    [InlineData("attention_bias", "\"false\"", "true or false")]
    [InlineData("mlp_bias", "0", "true or false")]
    [InlineData("hidden_act", "\"gelu\"", "\"silu\"")]
    [InlineData("hidden_act", "7", "\"silu\"")]
    [InlineData("model_type", "7", "one of llama, mistral, qwen2, qwen3")]
    [InlineData("rope_scaling", "8.0", "an object or null")]
    [InlineData("rope_scaling", "[]", "an object or null")]
    [InlineData("num_key_value_heads", "3", "a divisor of num_attention_heads, which is 8")]
    [InlineData("num_key_value_heads", "16", "a divisor of num_attention_heads, which is 8")]
    [InlineData("partial_rotary_factor", "0.5", "1 or absent")]
    [InlineData("layer_types", "\"full_attention\"", "an array of 4")]
    public void AValueThatIsNotAcceptedIsNamedWithWhatIs(string key, string json, string accepted)
    {
        string message = TestConfigs.RefusalWith((key, json));
        Assert.Contains($": {key} is {json}, but must be {accepted}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LayersAreRefusedBeforeAnythingIsAllocatedForThem()
    {
        byte[] json = Encoding.UTF8.GetBytes(TestConfigs.With(("num_hidden_layers", "2000000000")));
        TestConfigs.Refusal(json);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TestConfigs.Refusal(json);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void HeadsThatDoNotDivideTheHiddenSizeAreRefusedUnlessTheirWidthIsGiven()
    {
        string message = TestConfigs.RefusalWith(("hidden_size", "260"));
        Assert.Contains("hidden_size is 260", message, StringComparison.Ordinal);
        Assert.Contains("a multiple of num_attention_heads, which is 8", message, StringComparison.Ordinal);
        Assert.Equal(260, TestConfigs.ReadWith(("hidden_size", "260"), ("head_dim", "32")).HiddenSize);
    }

    [Theory]
    [InlineData("264", "33 (hidden_size / num_attention_heads)")]
    [InlineData("131072", "16384 (hidden_size / num_attention_heads)")]
    public void ADerivedHeadDimensionMustBeEvenAndBounded(string hiddenSize, string shown)
    {
        string message = TestConfigs.RefusalWith(("hidden_size", hiddenSize));
        Assert.Contains($"head_dim is {shown}", message, StringComparison.Ordinal);
        Assert.Contains("even number", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADefaultThatDoesNotFitIsCalledADefault()
    {
        string message = TestConfigs.RefusalWith(("model_type", "\"qwen2\""), ("num_key_value_heads", null));
        Assert.Contains(
            "num_key_value_heads is 32 (the default where the key is absent)",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AModelOfTooManyParametersIsRefused()
    {
        string message = TestConfigs.RefusalWith(
            ("num_hidden_layers", "1024"),
            ("hidden_size", "131072"),
            ("head_dim", "128"),
            ("intermediate_size", "1048576")
        );
        Assert.Contains("parameters; at most 10000000000000 are accepted", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ntk")]
    [InlineData("LLAMA3")]
    [InlineData("dynamic")]
    [InlineData("mrope")]
    [InlineData("su")]
    public void AnUnsupportedRopeScalingIsRefusedByName(string type)
    {
        foreach (string key in (string[])["rope_type", "type"])
        {
            string message = TestConfigs.RefusalWith(("rope_scaling", $$"""{"{{key}}": "{{type}}", "factor": 4.0}"""));
            Assert.Contains($"rope_scaling.rope_type is \"{type}\"", message, StringComparison.Ordinal);
            Assert.Contains(
                "\"default\", \"linear\", \"llama3\", \"yarn\" or \"longrope\"",
                message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("""{"factor": 4.0}""", "rope_scaling.rope_type is missing")]
    [InlineData("""{"rope_type": "linear"}""", "rope_scaling.factor is missing")]
    [InlineData(
        """{"rope_type": "linear", "factor": 0}""",
        "rope_scaling.factor is 0, but must be a number from 1E-06"
    )]
    [InlineData("""{"rope_type": "linear", "factor": 1e999}""", "rope_scaling.factor is 1e999")]
    [InlineData("""{"rope_type": "linear", "type": "llama3", "factor": 4}""", "rope_scaling.type is \"llama3\"")]
    [InlineData("""{"rope_type": 3}""", "rope_scaling.rope_type is 3")]
    [InlineData(
        """{"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4, "original_max_position_embeddings": 8192}""",
        "rope_scaling.high_freq_factor is 4, but must be above low_freq_factor, which is 4"
    )]
    [InlineData(
        """{"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4}""",
        "rope_scaling.original_max_position_embeddings is missing"
    )]
    [InlineData("""{"full_attention": {}}""", "for full_attention alone")]
    public void AFaultInsideRopeScalingIsNamedByItsPath(string json, string expected) =>
        Assert.Contains(expected, TestConfigs.RefusalWith(("rope_scaling", json)), StringComparison.Ordinal);

    [Fact]
    public void RopeGivenTwiceMustAgree()
    {
        const string Linear = """{"rope_type": "linear", "factor": 2}""";
        Assert.Equal(
            2,
            TestConfigs.ReadWith(("rope_scaling", Linear), ("rope_parameters", Linear)).Layers[0].Attention.Rope.Factor
        );
        Assert.Contains(
            "rope_scaling and rope_parameters contradict each other",
            TestConfigs.RefusalWith(("rope_scaling", Linear), ("rope_parameters", """{"rope_theta": 1e4}""")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "rope_theta is given twice, as 10000 and as 20000",
            TestConfigs.RefusalWith(("rope_theta", "1e4"), ("rope_parameters", """{"rope_theta": 2e4}""")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("gemma")]
    [InlineData("deepseek_v2")]
    [InlineData("llama4")]
    [InlineData("gpt2")]
    [InlineData("LLAMA")]
    [InlineData("")]
    public void AnotherArchitectureIsRefusedByName(string modelType)
    {
        string message = TestConfigs.RefusalWith(("model_type", $"\"{modelType}\""));
        Assert.Contains(
            $"model_type {modelType} is not supported; supported are llama, mistral, qwen2, qwen3",
            message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("mistral3")]
    [InlineData("llama4")]
    [InlineData("gemma3_text")]
    [InlineData("llama")]
    public void ANestedLanguageModelIsRefusedByName(string modelType)
    {
        string message = TestConfigs.RefusalWith(("model_type", $"\"{modelType}\""), ("text_config", "{}"));
        Assert.Contains(
            $"model_type {modelType} nests its language model in text_config, which is supported for gemma3 alone",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("llama, mistral, qwen2, qwen3", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mistral", "sliding_window", "0", "sliding_window is 0")]
    [InlineData("mistral", "sliding_window", "\"4096\"", "sliding_window is \"4096\"")]
    [InlineData("qwen2", "use_sliding_window", "1", "use_sliding_window is 1")]
    [InlineData("qwen2", "layer_types", "[]", "layer_types is an array of 0, but must be an array of 4")]
    [InlineData("qwen3", "layer_types", "[1, 2, 3, 4]", "layer_types[0] is 1")]
    [InlineData(
        "llama",
        "layer_types",
        """["full_attention", "sliding_attention", "full_attention", "full_attention"]""",
        "layer_types[1] is \"sliding_attention\", but must be \"full_attention\""
    )]
    [InlineData(
        "qwen3",
        "layer_types",
        """["full_attention", "linear_attention", "full_attention", "full_attention"]""",
        "layer_types[1] is \"linear_attention\", but must be \"full_attention\" or \"sliding_attention\""
    )]
    public void AFaultyWindowIsNamed(string modelType, string key, string json, string expected) =>
        Assert.Contains(
            expected,
            TestConfigs.RefusalWith(("model_type", $"\"{modelType}\""), (key, json)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \r\n\t", "is empty")]
    [InlineData("llama", "is not valid JSON at line 1, byte 1")]
    [InlineData("[]", "the top of this file is not a JSON object")]
    [InlineData("7", "the top of this file is not a JSON object")]
    [InlineData("null", "the top of this file is not a JSON object")]
    [InlineData("{\n  \"rms_norm_eps\": NaN\n}", "is not valid JSON at line 2, byte 19")]
    [InlineData("{} {}", "is not valid JSON")]
    [InlineData("{\"a\": 1,}", "is not valid JSON")]
    [InlineData("{/* no */}", "is not valid JSON")]
    [InlineData("{'a': 1}", "is not valid JSON")]
    [InlineData("{\"model_type\": \"lla", "ends in the middle of its JSON, at line 1")]
    [InlineData("{\"a\": {\"b\": [1, 2", "ends in the middle of its JSON")]
    [InlineData("{\"a\": \"\\ud800\"}", "is not valid Unicode")]
    [InlineData("{\"\\udc00\": 1}", "is not valid Unicode")]
    public void WhatIsNotJsonIsRefusedWithThePlace(string text, string expected) =>
        Assert.Contains(expected, TestConfigs.Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void WhatIsNotUtf8IsRefused()
    {
        Assert.Contains("not UTF-8", TestConfigs.Refusal([(byte)'{', 0xFF, (byte)'}']), StringComparison.Ordinal);
        Assert.Contains(
            "not UTF-8",
            TestConfigs.Refusal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("{\"a\": 1, \"a\": 1}", "the key a stands twice")]
    [InlineData("{\"hidden_size\": 1, \"hidden\\u005fsize\": 2}", "the key hidden_size stands twice")]
    [InlineData("{\"x\": [{\"b\": 1, \"c\": {}, \"b\": 2}]}", "the key b stands twice")]
    public void AKeyThatStandsTwiceIsRefused(string text, string expected) =>
        Assert.Contains(expected, TestConfigs.Refusal(text), StringComparison.Ordinal);

    [Theory]
    [InlineData(100)]
    [InlineData(200_000)]
    public void DeepNestingIsRefused(int depth)
    {
        string nested = new string('[', depth) + new string(']', depth);
        Assert.Contains(
            "nested deeper than the 32 levels accepted",
            TestConfigs.RefusalWith(("x", nested)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public void BothReadersAgreeOnTheDepthAccepted(int depth)
    {
        // The object at the top is one level.
        string json = TestConfigs.With(("x", new string('[', depth) + new string(']', depth)));
        if (depth + 1 <= ConfigLimits.MaxDepth)
        {
            Assert.Equal(4, TestConfigs.Read(json).Layers.Length);
        }
        else
        {
            Assert.Contains("nested deeper", TestConfigs.Refusal(json), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheLargestFileWithTwoHugeBlocksInOppositeOrderIsStillJudged()
    {
        string[] keys = [.. Enumerable.Range(0, 28_000).Select(i => $"\"k{i}\": {i}")];
        string forwards = "{" + string.Join(',', keys) + "}";
        string backwards = "{" + string.Join(',', keys.Reverse()) + "}";
        string json = TestConfigs.With(("rope_scaling", forwards), ("rope_parameters", backwards));
        Assert.InRange(json.Length, ConfigLimits.MaxFileBytes / 2, ConfigLimits.MaxFileBytes);
        Assert.Equal(RopeScalingKind.None, TestConfigs.Read(json).Layers[0].Attention.Rope.Scaling);
    }

    [Fact]
    public void LongAndManyLinedValuesAreCutToOneLine()
    {
        string message = TestConfigs.RefusalWith(("model_type", $"\"{new string('x', 100_000)}\""));
        Assert.Contains("xxx…", message, StringComparison.Ordinal);
        Assert.Contains(
            "model_type a b",
            TestConfigs.RefusalWith(("model_type", "\"a\\nb\"")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "head_dim is [ 1 ]",
            TestConfigs.RefusalWith(("head_dim", "[\n1\n]")),
            StringComparison.Ordinal
        );
    }
}
