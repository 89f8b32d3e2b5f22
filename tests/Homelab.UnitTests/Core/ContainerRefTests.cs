namespace Homelab.UnitTests.Core;

/// <summary>How a container is named.</summary>
public sealed class ContainerRefTests
{
    [Theory]
    [InlineData("gitea", "gitea", null)]
    [InlineData("gitea@dev", "gitea", "dev")]
    public void A_name_may_have_its_host(string text, string name, string? host)
    {
        var container = new ContainerRef(text);
        Assert.Equal((name, host, text), (container.Name, container.Host, container.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-rf")]
    [InlineData("gitea@")]
    [InlineData("gitea@-dev")]
    [InlineData("gitea\n")]
    [InlineData("gitea@dev\n")]
    [InlineData("gitea;id")]
    public void What_is_no_name_is_refused(string text) => Assert.Throws<FormatException>(() => new ContainerRef(text));
}
