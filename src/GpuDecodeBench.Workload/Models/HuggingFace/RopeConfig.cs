using System.Text.Json;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Reads rotary position embedding in both of transformers' spellings: <c>rope_theta</c> with <c>rope_scaling</c> up to 4.x, and
/// <c>rope_parameters</c> with both in one object since 5.0 (transformers, <c>modeling_rope_utils.py</c>).
/// </summary>
internal static class RopeConfig
{
    private const string PartKey = "partial_rotary_factor";

    /// <summary>The embedding by the usual rules.</summary>
    public static RopeShape Read(ConfigObject config, CoreKeys core, int headDimension) =>
        Read(config, core, headDimension, RopeRules.Usual);

    /// <summary>The embedding of an architecture with rules of its own.</summary>
    /// <param name="config">The configuration of the language model.</param>
    /// <param name="core">What is read of the model as a whole.</param>
    /// <param name="headDimension">Elements of a head, or of its rotated part where the architecture gives that apart.</param>
    /// <param name="rules">The rules.</param>
    public static RopeShape Read(ConfigObject config, CoreKeys core, int headDimension, RopeRules rules)
    {
        ConfigObject? block = Block(config);
        double theta = Theta(config, block, "rope_theta", rules.DefaultTheta);
        return Read(config, block, theta, core, headDimension, rules);
    }

    /// <summary>The embedding that a block describes.</summary>
    /// <param name="config">The configuration of the language model.</param>
    /// <param name="block">The block; null where there is none.</param>
    /// <param name="theta">The base of the frequencies.</param>
    /// <param name="core">What is read of the model as a whole.</param>
    /// <param name="headDimension">Elements of a head.</param>
    /// <param name="rules">The rules.</param>
    public static RopeShape Read(
        ConfigObject config,
        ConfigObject? block,
        double theta,
        CoreKeys core,
        int headDimension,
        RopeRules rules
    )
    {
        int? rotated = RotatedDimensions(config, block, headDimension, rules);
        if (block is null)
        {
            return (rules.WhenAbsent ?? new RopeShape { Theta = theta }) with
            {
                Theta = theta,
                RotatedDimensions = rotated,
            };
        }

        string type = TypeOf(block, rules);
        RopeShape shape = type switch
        {
            "default" => new RopeShape { Theta = theta },
            "linear" => new RopeShape
            {
                Theta = theta,
                Scaling = RopeScalingKind.Linear,
                Factor = ScaledRope.Factor(block, "factor"),
            },
            "llama3" => ScaledRope.Llama3(block, theta),
            "yarn" => ScaledRope.Yarn(block, theta, OriginalContext(config, block, core, rules)),
            _ => ScaledRope.LongRope(
                block,
                theta,
                OriginalContext(config, block, core, rules),
                core.MaxContextTokens,
                (rotated ?? headDimension) / 2
            ),
        };
        return shape with { RotatedDimensions = rotated };
    }

    /// <summary>The block of scaling that the file gives, in either spelling; null where there is none.</summary>
    public static ConfigObject? Block(ConfigObject config)
    {
        ConfigObject? block = EitherSpelling(config);
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

    /// <summary><c>rope_parameters</c> or <c>rope_scaling</c>; null where there is neither.</summary>
    public static ConfigObject? EitherSpelling(ConfigObject config)
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

        return parameters ?? scaling;
    }

    /// <summary>The base of the frequencies, beside the block under <paramref name="key"/> or in it.</summary>
    public static double Theta(ConfigObject config, ConfigObject? block, string key, double absent)
    {
        double? top = config.NumberOrNull(key, ConfigLimits.MinRopeTheta, ConfigLimits.MaxRopeTheta);
        double? inner = block?.NumberOrNull("rope_theta", ConfigLimits.MinRopeTheta, ConfigLimits.MaxRopeTheta);
        if (top is double outside && inner is double inside && !outside.Equals(inside))
        {
            throw config.Error($"{key} is given twice, as {outside} and as {inside}; give it once.");
        }

        return inner ?? top ?? absent;
    }

    /// <summary>The type that a block names, <c>longrope</c> under its other names too.</summary>
    public static string TypeOf(ConfigObject block, RopeRules rules)
    {
        string accepted = rules.TypeNames;
        string? type = block.StringOrNull("rope_type", accepted);
        string? legacy = block.StringOrNull("type", accepted);
        if (type is not null && legacy is not null && type != legacy)
        {
            throw block.Refused("type", $"\"{legacy}\"", $"\"{type}\" as rope_type is");
        }

        if ((type ?? legacy) is not string given)
        {
            // transformers takes no type for "default"; with a factor beside it that would drop what the file asks for.
            return block.Has("factor") ? throw block.Missing("rope_type", accepted) : "default";
        }

        string name = rules.LongRopeNames.Contains(given) ? "longrope" : given;
        return rules.Types.Contains(name) ? name : throw block.Refused("rope_type", $"\"{given}\"", accepted);
    }

    private static int OriginalContext(ConfigObject config, ConfigObject block, CoreKeys core, RopeRules rules)
    {
        const string Key = "original_max_position_embeddings";
        int? inner = block.IntOrNull(Key, 1, ConfigLimits.MaxContextTokens);
        int? top = config.IntOrNull(Key, 1, ConfigLimits.MaxContextTokens);
        return inner is int inside && top is int outside && inside != outside
            ? throw block.Refused(Key, $"{inside}", $"{outside} as {Key} beside it is")
            : inner ?? top ?? rules.OriginalContextWhenAbsent ?? core.MaxContextTokens;
    }

    private static int? RotatedDimensions(ConfigObject config, ConfigObject? block, int headDimension, RopeRules rules)
    {
        double? top = config.NumberOrNull(PartKey, 0, 1);
        double? inner = block?.NumberOrNull(PartKey, 0, 1);
        if (top is double outside && inner is double inside && !outside.Equals(inside))
        {
            throw config.Error($"{PartKey} is given twice, as {outside} and as {inside}; give it once.");
        }

        ConfigObject given = inner is null ? config : block!;
        double part = inner ?? top ?? 1;
        if (part.Equals(1.0))
        {
            return null;
        }

        if (!rules.PartialHeads)
        {
            throw given.Refused(PartKey, $"{part}", "1 or absent: RoPE over a part of a head is not supported");
        }

        int rotated = (int)(headDimension * part);
        return rotated >= 2 && rotated % 2 == 0
            ? rotated
            : throw given.Refused(
                PartKey,
                $"{part}",
                $"a part of the head dimension, {headDimension}, that is an even number of elements"
            );
    }
}
