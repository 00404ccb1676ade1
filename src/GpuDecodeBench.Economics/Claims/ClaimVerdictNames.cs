namespace GpuDecodeBench.Economics.Claims;

/// <summary>The names of verdicts on the command line and in results.</summary>
public static class ClaimVerdictNames
{
    /// <summary>The name, for example <c>arithmetic-error</c>.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string Name(this ClaimVerdict verdict) =>
        verdict switch
        {
            ClaimVerdict.Reproduced => "reproduced",
            ClaimVerdict.ArithmeticError => "arithmetic-error",
            ClaimVerdict.UnitError => "unit-error",
            ClaimVerdict.WrongInput => "wrong-input",
            ClaimVerdict.Inconsistent => "inconsistent",
            _ => "not-checkable",
        };
}
