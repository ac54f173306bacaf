const data = JSON.parse(document.getElementById("data").textContent);
document.getElementById("map").textContent = `${data.decisions.length} decisions`;
