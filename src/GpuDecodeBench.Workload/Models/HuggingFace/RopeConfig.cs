using System.Text.Json;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Reads rotary position embedding in both of transformers' spellings: <c>rope_theta</c> with <c>rope_scaling</c> up to 4.x, and
/// <c>rope_parameters</c> with both in one object since 5.0.
/// </summary>
internal static class RopeConfig
{
    private const double DefaultTheta = 10_000;
    private const string Types = "\"default\", \"linear\" or \"llama3\"";

    /// <summary>The embedding.</summary>
    public static RopeShape Read(ConfigObject config)
    {
        ConfigObject? block = Block(config);
        double theta = Theta(config, block);
        RequireWholeHead(config);
        if (block is null)
        {
            return new RopeShape { Theta = theta };
        }

        RequireWholeHead(block);
        return TypeOf(block) switch
        {
            "default" => new RopeShape { Theta = theta },
            "linear" => new RopeShape
            {
                Theta = theta,
                Scaling = RopeScalingKind.Linear,
                Factor = Factor(block, "factor"),
            },
            "llama3" => Llama3(block, theta),
            string other => throw block.Refused("rope_type", $"\"{other}\"", Types),
        };
    }

    private static ConfigObject? Block(ConfigObject config)
    {
        ConfigObject? scaling = config.ObjectOrNull("rope_scaling");
        ConfigObject? parameters = config.ObjectOrNull("rope_parameters");
        if (
            scaling is not null
            && parameters is not null
            && !JsonElement.DeepEquals(scaling.Element, parameters.Element)
        )
        {
            throw config.Error("rope_scaling and rope_parameters contradict each other; give one of them.");
        }

        ConfigObject? block = parameters ?? scaling;
        foreach (string layerType in (string[])["full_attention", "sliding_attention"])
        {
            if (block is not null && block.Has(layerType))
            {
                throw block.Error(
                    $"rope_parameters has an embedding for {layerType} alone, which is not supported; supported is one for all layers."
                );
            }
        }

        return block;
    }

    private static double Theta(ConfigObject config, ConfigObject? block)
    {
        double? top = config.NumberOrNull("rope_theta", ConfigLimits.MinRopeTheta, ConfigLimits.MaxRopeTheta);
        double? inner = block?.NumberOrNull("rope_theta", ConfigLimits.MinRopeTheta, ConfigLimits.MaxRopeTheta);
        if (top is double outside && inner is double inside && !outside.Equals(inside))
        {
            throw config.Error($"rope_theta is given twice, as {outside} and as {inside}; give it once.");
        }

        return inner ?? top ?? DefaultTheta;
    }

    private static string TypeOf(ConfigObject block)
    {
        string? type = block.StringOrNull("rope_type", Types);
        string? legacy = block.StringOrNull("type", Types);
        if (type is not null && legacy is not null && type != legacy)
        {
            throw block.Refused("type", $"\"{legacy}\"", $"\"{type}\" as rope_type is");
        }

        if ((type ?? legacy) is string given)
        {
            return given;
        }

        // transformers takes no type for "default"; with a factor beside it that would drop what the file asks for.
        return block.Has("factor") ? throw block.Missing("rope_type", Types) : "default";
    }

    private static RopeShape Llama3(ConfigObject block, double theta)
    {
        double low = Factor(block, "low_freq_factor");
        double high = Factor(block, "high_freq_factor");
        if (high <= low)
        {
            throw block.Refused("high_freq_factor", $"{high}", $"above low_freq_factor, which is {low}");
        }

        return new RopeShape
        {
            Theta = theta,
            Scaling = RopeScalingKind.Llama3,
            Factor = Factor(block, "factor"),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalMaxContextTokens = block.Int("original_max_position_embeddings", 1, ConfigLimits.MaxContextTokens),
        };
    }

    private static double Factor(ConfigObject block, string key) =>
        block.Number(key, ConfigLimits.MinRopeFactor, ConfigLimits.MaxRopeFactor);

    private static void RequireWholeHead(ConfigObject block)
    {
        const string Key = "partial_rotary_factor";
        double? part = block.NumberOrNull(Key, 0, 1);
        if (part is double given && given < 1)
        {
            throw block.Refused(Key, $"{given}", "1 or absent: RoPE over a part of a head is not supported");
        }
    }
}
