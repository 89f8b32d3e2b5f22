using System.Text;
using Homelab.Host.Attached;

namespace Homelab.SystemTests.Attached;

public sealed class HandedSecretsTests
{
    [Theory]
    [InlineData("{}", null)]
    [InlineData("{\"secrets\":{}}", null)]
    [InlineData("{\"secrets\":{\"vault:other\":\"x\"}}", null)]
    [InlineData("{\"secrets\":{\"vault:kuma\":\"key\"}}\r", "key")]
    [InlineData("{\"secrets\":{\"vault:Home/kuma\":\"other\",\"vault:kuma\":\"k\\\"e\\ny\"}}", "k\"e\ny")]
    public async Task What_was_handed_over_is_opened_and_nothing_else(string line, string? expected) =>
        Assert.Equal(expected, await HandedSecrets.Parse(Encoding.UTF8.GetBytes(line)).OpenAsync(SecretReference.Parse("vault:kuma", null), TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(null, "there is none, or it is longer than 1 MiB")]
    [InlineData("", "it is no JSON, or names something twice; first at byte 1")]
    [InlineData("{\"secrets\":{\"vault:kuma\":\"hunter2", "it is no JSON, or names something twice")]
    [InlineData("{\"secrets\":{\"vault:kuma\":\"hunter2\",\"vault:kuma\":\"hunter2\"}}", "it is no JSON, or names something twice")]
    [InlineData("{\"secrets\":{\"vault:kuma\":\"hunter2\\uD800\"}}", "a text in it ends in half a character")]
    [InlineData("[\"hunter2\"]", "it is no JSON object")]
    [InlineData("{\"hunter2\":{}}", "it has a field besides 'secrets'")]
    [InlineData("{\"secrets\":\"hunter2\"}", "'secrets' is no JSON object")]
    [InlineData("{\"secrets\":{\"hunter2\":\"vault:kuma\"}}", "a name in 'secrets' is no reference such as vault:name")]
    [InlineData("{\"secrets\":{\"env:KUMA\":\"hunter2\"}}", "a name in 'secrets' is no reference such as vault:name")]
    [InlineData("{\"secrets\":{\"vault:kuma\":{\"hunter2\":1}}}", "the value of vault:kuma is no text, or is empty")]
    [InlineData("{\"secrets\":{\"vault:kuma\":\"\"}}", "the value of vault:kuma is no text, or is empty")]
    public void A_line_that_cannot_be_used_is_refused_and_not_repeated(string? line, string why)
    {
        var error = Assert.Throws<HomelabException>(() => HandedSecrets.Parse(line is null ? null : Encoding.UTF8.GetBytes(line)));
        Assert.Equal((ErrorKind.Invalid, "FirstLineInvalid"), (error.Kind, error.Id));
        Assert.StartsWith($"The first line of standard input cannot be used: {why}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }
}
