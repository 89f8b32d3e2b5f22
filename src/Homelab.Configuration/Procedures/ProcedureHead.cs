using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Configuration;

/// <summary>The front matter of a procedure.</summary>
internal sealed record ProcedureHead
{
    [RegularExpression("[a-z0-9]+(-[a-z0-9]+)*")]
    [StringLength(63, MinimumLength = 1)]
    [Description("The procedure's name, that of its file: small letters and digits with hyphens, such as deploy-a-service.")]
    public required string Name { get; init; }

    [StringLength(100, MinimumLength = 1)]
    [Description("The procedure's title, one line.")]
    public required string Title { get; init; }

    [StringLength(300, MinimumLength = 1)]
    [Description("What it is for, one sentence.")]
    public required string Summary { get; init; }
}
