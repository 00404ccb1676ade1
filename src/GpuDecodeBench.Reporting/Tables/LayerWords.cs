using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The shape of a layer in words: its sizes, and what sets it apart from a plain one.</summary>
internal static class LayerWords
{
    /// <summary>An attention: heads, cache, window, what is learned beside the projections, and rotation.</summary>
    public static string Of(AttentionShape shape)
    {
        List<string> words = [Sizes(shape)];
        if (shape.Window is int window)
        {
            words.Add($"window of {window:N0} tokens");
        }

        if (shape is GroupedQueryAttention attention)
        {
            AddTraits(words, attention);
        }

        words.Add(Rope(shape.Rope));
        return string.Join(", ", words);
    }

    /// <summary>What to know of a step's memory where windows are shorter than its context, behind another sentence; else nothing.</summary>
    public static string Held(DecodeStepPlan plan) =>
        plan.ForgetsTokens ? " Layers with a sliding window hold its blocks alone." : "";

    /// <summary>The same where batches were chosen by what fits.</summary>
    public const string HeldInFleets =
        "Layers with a sliding window are taken to hold the blocks of their window alone. An engine that keeps the whole context of such layers, as one without a hybrid cache manager does, holds fewer sequences, and its tokens cost more than this.";

    /// <summary>A feed-forward part: its sizes, its activation where it is not SwiGLU, and how its experts are chosen.</summary>
    public static string Of(FeedForwardShape shape) =>
        shape switch
        {
            GatedFeedForward feedForward =>
                $"gated feed-forward{Activation(shape)}, intermediate size {feedForward.IntermediateSize:N0}",
            MixtureOfExperts experts => string.Join(", ", Mixture(experts)),
            _ => shape.GetType().Name,
        };

    private static string Sizes(AttentionShape shape) =>
        shape switch
        {
            GroupedQueryAttention attention =>
                $"{attention.Heads} heads, {attention.KvHeads} KV heads, head dimension {attention.HeadDimension}",
            MultiHeadLatentAttention attention =>
                $"{attention.Heads} heads over a latent of {attention.LatentDimension} + {attention.RotatedDimension} elements",
            _ => shape.GetType().Name,
        };

    private static void AddTraits(List<string> words, GroupedQueryAttention attention)
    {
        if (attention.QkvBias)
        {
            words.Add(attention.OutputBias ? "biases" : "biases on queries, keys and values");
        }

        if (attention.QueryKeyNorm)
        {
            words.Add("norms on queries and keys");
        }

        if (attention.Sinks)
        {
            words.Add("sinks");
        }

        if (attention.LogitSoftCap is double cap)
        {
            words.Add($"scores capped at {cap}");
        }
    }

    private static string Rope(RopeShape rope)
    {
        string part = rope.RotatedDimensions is int rotated ? $" over {rotated} elements" : "";
        string scaling = rope.Scaling switch
        {
            RopeScalingKind.None => "",
            RopeScalingKind.Linear => $", scaled by {rope.Factor}",
            _ =>
                $", {rope.Scaling.ToString().ToLowerInvariant()} by {rope.Factor} from {rope.OriginalMaxContextTokens:N0} tokens",
        };
        return $"RoPE base {rope.Theta:N0}{part}{scaling}";
    }

    private static IEnumerable<string> Mixture(MixtureOfExperts experts)
    {
        string groups =
            experts.Router.Groups > 1 ? $" from {experts.Router.GroupsPerToken} of {experts.Router.Groups} groups" : "";
        yield return $"{experts.ExpertsPerToken} of {experts.Experts} experts{groups}{Activation(experts)}";
        yield return $"intermediate size {experts.ExpertIntermediateSize:N0}";
        if (experts.SharedIntermediateSize > 0)
        {
            yield return $"and a shared one of {experts.SharedIntermediateSize:N0}";
        }
    }

    private static string Activation(FeedForwardShape shape) =>
        shape.Activation switch
        {
            GatedActivationKind.GeluTanh => " with GELU",
            GatedActivationKind.ClampedSwiGlu => " with a clamped SwiGLU",
            _ => "",
        };
}
