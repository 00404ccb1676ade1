using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>
/// When a falling price meets the floor, which falls, too. Over <see cref="FloorEquations"/>, with <c>price_now</c> [$/Mtok],
/// <c>price_year</c>, <c>floor_year</c>, <c>price_halving</c> [yr], <c>generation_years</c> and the falls of components a
/// generation.
/// </summary>
public static class ConvergenceEquations
{
    /// <summary>The symbol of the years until a price meets a floor.</summary>
    /// <param name="floor">The floor: <see cref="FloorEquations.Energy"/> or <see cref="FloorEquations.Total"/>.</param>
    public static string Years(string floor) => $"{floor}_years";

    /// <summary>The symbol of the calendar year in which it does.</summary>
    public static string Year(string floor) => $"{floor}_year";

    /// <summary>
    /// The symbol of one over one plus the years: zero where the price never meets the floor, so that every draw has a value.
    /// </summary>
    public static string Nearness(string floor) => $"{floor}_nearness";

    /// <summary>The symbol of the price at which they meet.</summary>
    public static string Price(string floor) => $"{floor}_price";

    /// <summary>The symbol of the floor's own fall a year.</summary>
    public static string Fall(string floor) => $"{floor}_fall";

    /// <summary>The equations, for the floor of electricity and for the one with capital.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new(
            "price_fall",
            "fall of prices a year",
            "1",
            "2^(1[yr] / price_halving)",
            "a price that halves in the same time again and again"
        ),
        .. Of(
            FloorEquations.Energy,
            "energy floor",
            "floor_memory / fall_memory + (floor_link + floor_rest + floor_cooling) / fall_power"
        ),
        .. Of(FloorEquations.Total, "floor with capital", "floor_energy_next + floor_capital / fall_capital"),
    ];

    private static IEnumerable<Equation> Of(string floor, string name, string next) =>
        [
            new($"{floor}_next", $"{name}, one generation on", "$/Mtok", next),
            new(
                Fall(floor),
                $"fall of the {name} a year",
                "1",
                $"({floor} / {floor}_next)^(1[yr] / generation_years)",
                "evenly over the years of a generation"
            ),
            new(
                $"{floor}_then",
                $"{name} in the year of the price",
                "$/Mtok",
                $"{floor} × {floor}_fall^(floor_year - price_year)",
                "what was charged earlier is held against the floor of then"
            ),
            new(
                Years(floor),
                $"years until the price meets the {name}",
                "yr",
                $"if(price_now <= {floor}_then, 0, if(price_fall > {floor}_fall, ln(price_now / {floor}_then) / ln(price_fall / {floor}_fall), 1 / 0)) × 1[yr]",
                "a price and a floor that each fall by the same factor every year; never where the floor falls as fast"
            ),
            new(Year(floor), $"year in which the price meets the {name}", "1", $"price_year + {floor}_years / 1[yr]"),
            new(Nearness(floor), $"nearness of the {name}", "1", $"1 / (1 + {floor}_years / 1[yr])"),
            new(
                Price(floor),
                $"price at which they meet, {name}",
                "$/Mtok",
                $"{floor}_then / {floor}_fall^({floor}_years / 1[yr])"
            ),
        ];
}
