namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Reads what mixtures of experts have in common.</summary>
internal static class ExpertConfig
{
    /// <summary>
    /// Experts of a layer. transformers knows <c>num_local_experts</c> and <c>num_experts</c> as one key under two names.
    /// </summary>
    public static int Count(ConfigObject config) =>
        config.Int("num_local_experts", "num_experts", 1, ConfigLimits.MaxExperts);

    /// <summary>
    /// Experts chosen for each token, at most as many as there are. <c>experts_per_token</c> is OpenAI's own spelling beside it in
    /// gpt-oss.
    /// </summary>
    public static int PerToken(ConfigObject config, int experts)
    {
        const string Key = "num_experts_per_tok";
        int perToken = config.Int(Key, "experts_per_token", 1, ConfigLimits.MaxExpertsPerToken);
        return perToken <= experts
            ? perToken
            : throw config.Refused(Key, $"{perToken}", $"at most the number of experts, which is {experts}");
    }

    /// <summary>Rows of one expert's gate projection.</summary>
    public static int IntermediateSize(ConfigObject config) =>
        config.Int("moe_intermediate_size", 1, ConfigLimits.MaxIntermediateSize);
}
